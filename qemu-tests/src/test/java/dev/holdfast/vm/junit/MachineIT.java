// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.kernel.KernelSpec;
import org.junit.jupiter.api.Test;

/** The machine that annotations ask for is the machine that a test gets. */
@QemuTest
@Machine(memory = "1G", commandLine = "said.by=class", holdfast = false)
class MachineIT {

    @Kernels
    void each_kernel_boots_once(Vm vm, KernelSpec kernel) {
        assertThat(vm.boot().release()).startsWith(kernel.version() + ".").endsWith(kernel.flavour());
        assertThat(vm.boot().commandLine()).contains(" said.by=class");
    }

    @Test
    @Machine(processors = 2, commandLine = "said.by=method", devices = "edu")
    void a_method_adds_to_what_its_class_says(Vm vm) {
        Shell.Output edu =
                vm.sh("grep -l 0x1234 /sys/bus/pci/devices/*/vendor | xargs dirname | xargs -I{} cat {}/device");

        assertThat(edu.stdout()).isEqualTo("0x11e8");
        assertThat(vm.sh("nproc").stdout()).isEqualTo("2");
        assertThat(vm.boot().commandLine()).contains(" said.by=class said.by=method");
        assertThat(Long.parseLong(
                        vm.sh("awk '/MemTotal/ {print $2}' /proc/meminfo").stdout()))
                .isBetween(800_000L, 1L << 20);
        assertThat(vm.sh("ls /sys/module/holdfast").exitCode()).isNotZero();
    }

    @Test
    void a_command_has_two_outputs(Vm vm) {
        Shell.Output both = vm.sh("echo out; echo err >&2; exit 7");

        assertThat(both).isEqualTo(new Shell.Output(7, "out", "err"));
        assertThat(both.output()).isEqualTo("out\nerr");
    }

    @Test
    void a_size_that_is_none_is_refused_in_one_line() {
        assertThat(MachineSetup.bytes("512M")).isEqualTo(512L << 20);
        assertThat(MachineSetup.bytes("2G")).isEqualTo(2L << 30);
        assertThatThrownBy(() -> MachineSetup.bytes("2 GB"))
                .isInstanceOf(HarnessException.class)
                .hasMessage("@Machine(memory = \"2 GB\"): write it as 512M or 2G");
    }
}
