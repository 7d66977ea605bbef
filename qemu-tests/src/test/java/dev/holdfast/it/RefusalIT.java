// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.AlreadyExistsException;
import dev.holdfast.BadGeometryException;
import dev.holdfast.BusyException;
import dev.holdfast.DamagedException;
import dev.holdfast.HoldfastException;
import dev.holdfast.NotFormattedException;
import dev.holdfast.NotMemoryException;
import dev.holdfast.NotReservedException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the module refuses: with the right errno, one line in the kernel log, and the region untouched. */
@QemuTest
@Tag("debug-kernel")
class RefusalIT {

    private static final long MIB = 1 << 20;

    @Test
    void ranges_that_are_not_a_reserved_region_are_refused(Vm vm) {
        long base = vm.region().base();

        refused(vm, Inside.TryMount.class, vm.region(), NotFormattedException.class, "no superblock");
        for (Class<? extends GuestTask<PhysicalRange, None>> what : both()) {
            refused(vm, what, range(128 * MIB, 128 * MIB), NotReservedException.class, "overlaps System RAM");
            refused(vm, what, range(base, 2048 * MIB), NotReservedException.class, "not reserved");
            refused(vm, what, range(base + 4096, 128 * MIB), BadGeometryException.class, "must be multiples of");
            refused(vm, what, range(base, 100 * MIB), BadGeometryException.class, "too small");
        }
        refused(
                vm,
                Inside.TryFormat.class,
                range(0xfd00000000L, 128 * MIB),
                NotMemoryException.class,
                "the firmware does not list it as RAM");
    }

    @Test
    void a_claimed_region_is_refused(Vm vm) {
        vm.run(Inside.TryFormat.class, vm.region());
        refused(vm, Inside.TryFormat.class, vm.region(), AlreadyExistsException.class, "there is a region already");
        vm.run(Mounting.class, vm.region());
        PhysicalSnapshot before = vm.memory().snapshot(new Head(vm).ranges());

        refused(vm, Inside.TryMount.class, vm.region(), BusyException.class, "already claimed");
        refused(vm, Inside.TryFormat.class, vm.region(), BusyException.class, "already claimed");

        assertThat(vm.memory().differences(before)).isEmpty();
    }

    @Test
    void a_region_that_does_not_fit_its_superblock_is_refused(Vm vm) {
        vm.run(Inside.TryFormat.class, vm.region());

        changed(
                vm,
                superblock -> superblock.base(vm.region().base() + vm.region().size()),
                DamagedException.class,
                "both superblocks are damaged");
        changed(
                vm,
                superblock ->
                        superblock.base(vm.region().base()).size(vm.region().size() / 2),
                BadGeometryException.class,
                "the superblock says");
        new Head(vm).rewrite(superblock -> superblock.size(vm.region().size()));
        vm.run(Inside.TryMount.class, vm.region());
    }

    @Test
    void memory_that_the_kernel_was_not_told_to_leave_alone_is_refused(VmBuilder builder) {
        try (Vm vm = builder.regionNotReserved().start()) {
            refused(vm, Inside.TryFormat.class, vm.region(), NotReservedException.class, "boot with memmap=");
            refused(vm, Inside.TryMount.class, vm.region(), NotReservedException.class, "boot with memmap=");
        }
    }

    private static List<Class<? extends GuestTask<PhysicalRange, None>>> both() {
        return List.of(Inside.TryMount.class, Inside.TryFormat.class);
    }

    private static PhysicalRange range(long base, long size) {
        return new PhysicalRange(base, size);
    }

    private static void changed(
            Vm vm, Consumer<SuperblockLayout> change, Class<? extends HoldfastException> exception, String logged) {
        Head head = new Head(vm);
        head.rewrite(change);
        PhysicalSnapshot before = vm.memory().snapshot(head.ranges());

        refused(vm, Inside.TryMount.class, vm.region(), exception, logged);

        assertThat(vm.memory().differences(before)).isEmpty();
    }

    private static void refused(
            Vm vm,
            Class<? extends GuestTask<PhysicalRange, None>> task,
            PhysicalRange range,
            Class<? extends HoldfastException> exception,
            String logged) {
        vm.sh("dmesg -c");
        assertThatThrownBy(() -> vm.run(task, range)).isInstanceOfSatisfying(GuestFailed.class, failure -> {
            assertThat(failure.type()).isEqualTo(exception.getName());
            assertThat(failure.guestMessage()).doesNotContain("\n");
        });
        assertThat(vm.sh("dmesg | grep holdfast:").output().lines())
                .singleElement(STRING)
                .contains("refused: ", logged);
    }
}
