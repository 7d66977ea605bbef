// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.NotReservedException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.PreflightException;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.NextKernel;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.KernelLoading.Loader;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guest memory and state are there in the next kernel, whoever loaded it and however the last one ended. */
@QemuTest
@Tag("debug-kernel")
class SurvivalIT {

    private static final Guest GUEST = new Guest("vm-42", 64 << 20, 42);
    private static final SavingState.Args FIRST = new SavingState.Args("vm-42", 3, 1);
    private static final SavingState.Args SECOND = new SavingState.Args("vm-42", 2, 2);

    @ParameterizedTest
    @EnumSource(names = {"LIBRARY", "TOOL_FILE", "TOOL_SEGMENTS"})
    void guest_memory_and_state_survive_a_kexec(Loader loader, Vm vm) {
        List<PhysicalRange> ranges = fill(vm);
        PhysicalSnapshot before = vm.memory().snapshot(ranges);

        vm.kexec(vm.sameKernel().loadedBy(loader));

        assertThat(vm.memory().differences(before)).isEmpty();
        verify(vm, ranges);
        goOnWriting(vm);
    }

    @Kernels
    void guest_memory_and_state_survive_a_panic(VmBuilder builder) {
        try (Vm vm = builder.crashKernel().start()) {
            List<PhysicalRange> ranges = fill(vm);
            PhysicalSnapshot before = vm.memory().snapshot(ranges);
            vm.loadCrash(vm.sameKernel().without("crashkernel="));

            vm.crash();

            assertThat(vm.memory().differences(before)).isEmpty();
            verify(vm, ranges);
            goOnWriting(vm);
        }
    }

    @Test
    void a_kernel_that_was_not_told_of_the_region_refuses_it(Vm vm) {
        fill(vm);
        NextKernel forgetful = vm.sameKernel().without("memmap=");

        assertThatThrownBy(() -> vm.load(forgetful))
                .isInstanceOfSatisfying(
                        GuestFailed.class,
                        failure -> assertThat(failure.type()).isEqualTo(PreflightException.class.getName()));
        vm.kexec(forgetful.loadedBy(Loader.TOOL_FILE));

        assertThatThrownBy(() -> vm.run(Inside.TryMount.class, vm.region()))
                .isInstanceOfSatisfying(
                        GuestFailed.class,
                        failure -> assertThat(failure.type()).isEqualTo(NotReservedException.class.getName()));
        assertThat(vm.sh("dmesg | grep 'holdfast: 0x100000000.*overlaps System RAM, boot with memmap='")
                        .exitCode())
                .isZero();
    }

    private static List<PhysicalRange> fill(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        List<PhysicalRange> ranges = GUEST.fill(vm);
        vm.run(SavingState.class, FIRST);
        assertThat(GUEST.wrongOutside(vm, ranges)).isEmpty();
        return ranges;
    }

    private static void verify(Vm vm, List<PhysicalRange> ranges) {
        vm.run(Mounting.class, vm.region());
        assertThat(GUEST.wrongInside(vm)).isEmpty();
        assertThat(GUEST.wrongOutside(vm, ranges)).isEmpty();
        assertThat(vm.run(CheckingState.class, FIRST)).isTrue();
    }

    private static void goOnWriting(Vm vm) {
        Guest second = new Guest("vm-43", 8 << 20, 43);
        List<PhysicalRange> ranges = second.fill(vm);
        vm.run(SavingState.class, SECOND);

        assertThat(second.wrongOutside(vm, ranges)).isEmpty();
        assertThat(GUEST.wrongInside(vm)).isEqualTo(List.of());
        assertThat(vm.run(CheckingState.class, SECOND)).isTrue();
    }
}
