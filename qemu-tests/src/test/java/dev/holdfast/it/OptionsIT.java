// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.ModuleOption;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A module with more in it than the default. */
@QemuTest
class OptionsIT {

    private static final String PARAMETERS = "/sys/module/holdfast/parameters/";
    private static final String FILE = Mounting.POINT + "/file";
    private static final SavingState.Args STATE = new SavingState.Args("vm-42", 3, 1);

    @Test
    void a_panic_in_the_middle_of_a_commit_loses_nothing_that_had_returned(
            VmBuilder builder, VmHost host, KernelSpec spec) {
        ModuleOptions all = new ModuleOptions(Set.of(ModuleOption.values()));
        TextTree module = host.moduleSources(host.kernel(spec), all);
        try (Vm vm = builder.withoutHoldfast()
                .module("holdfast", module)
                .crashKernel()
                .start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            vm.run(SavingState.class, STATE);
            shell(vm, "echo old >" + FILE);
            assertThat(shell(vm, "stat -c %a " + PARAMETERS + "stop_after")).isEqualTo("600");
            int steps = steps(vm);
            shell(vm, "echo new >" + FILE);
            int stepsOfAWrite = steps(vm) - steps;
            assertThat(stepsOfAWrite).isGreaterThan(10);
            vm.loadCrash(vm.sameKernel().without("crashkernel="));

            // What is written to make the kernel panic goes into the file, and the panic comes in the middle of that.
            shell(vm, "echo " + stepsOfAWrite / 4 + " >" + PARAMETERS + "stop_after");
            shell(vm, "mount --bind " + FILE + " /proc/sysrq-trigger");
            vm.crash();
            assertThat(builder.results().resolve("console.log"))
                    .content()
                    .contains("Kernel panic - not syncing: holdfast: stopped after ");

            vm.run(Mounting.class, vm.region());
            assertThat(vm.run(CheckingState.class, STATE)).isTrue();
            assertThat(shell(vm, "cat " + FILE)).isIn("new", "");
        }
    }

    private static int steps(Vm vm) {
        return Integer.parseInt(shell(vm, "cat " + PARAMETERS + "steps"));
    }

    private static String shell(Vm vm, String command) {
        var done = vm.sh(command);
        assertThat(done.exitCode()).as(command + ": " + done.output()).isZero();
        return done.output().strip();
    }
}
