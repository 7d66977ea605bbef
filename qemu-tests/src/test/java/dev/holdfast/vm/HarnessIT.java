// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;

/** What the harness promises a test, shown on stock kernels without our module. */
@QemuTest
class HarnessIT {

    @Kernels
    void a_command_runs_inside_and_its_output_comes_out(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            var output = vm.sh("echo hello from $(uname -r); exit 3");

            assertThat(output.exitCode()).isEqualTo(3);
            assertThat(output.output()).isEqualTo("hello from " + vm.boot().release());
        }
    }

    @Kernels
    void the_next_kernel_says_hello_after_a_kexec(VmBuilder builder) {
        try (Vm vm = builder.withoutHoldfast().start()) {
            vm.sh("touch /tmp/of-the-first-kernel");

            Boot next = vm.kexec();

            assertThat(vm.boots()).hasSize(2);
            assertThat(next.commandLine()).isEqualTo(vm.boots().get(0).commandLine());
            assertThat(vm.sh("ls /tmp").output()).doesNotContain("of-the-first-kernel");
        }
    }
}
