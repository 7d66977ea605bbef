// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.AlreadyExistsException;
import dev.holdfast.DamagedException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.it.Inside.Health;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits that flip in the region, while it is carried over a kexec or while nobody looks. */
@QemuTest
@Tag("debug-kernel")
class DamageIT {

    private static final Guest ONE = new Guest("one", 4 << 20, 1);
    private static final Guest TWO = new Guest("two", 4 << 20, 2);
    private static final SavingState.Args STATE = new SavingState.Args("one", 2, 3);

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_bad_copy_of_superblock_and_record_is_served_by_the_other_and_repaired(int copy, Vm vm) {
        Head head = prepare(vm);
        long record = recordOf(vm, "guest-memory/one");
        Health healthy = vm.run(Inside.Describe.class, None.NONE);
        PhysicalSnapshot whole = vm.memory()
                .snapshot(List.of(
                        new PhysicalRange(head.record(0, record), 2048),
                        new PhysicalRange(head.record(1, record), 2048)));
        vm.memory().flipBit(head.superblock(copy) + 100, 3);
        vm.memory().flipBit(head.record(copy, record) + 500, 5);
        assertThat(vm.memory().differences(whole)).hasSize(1);

        vm.kexec();
        Inside.mount(vm);
        Health after = vm.run(Inside.Describe.class, None.NONE);

        assertThat(after.superblocksRepaired()).isEqualTo(1);
        assertThat(after.recordsRepaired()).isEqualTo(1);
        assertThat(after.recordsDamaged()).isZero();
        assertThat(after.recordsUsed()).isEqualTo(healthy.recordsUsed());
        assertThat(after.dataFree()).isEqualTo(healthy.dataFree());
        assertThat(ONE.wrongInside(vm)).isEmpty();
        assertThat(TWO.wrongInside(vm)).isEmpty();
        assertThat(vm.memory().differences(whole)).isEmpty();

        Inside.unmount(vm);
        Inside.mount(vm);
        assertThat(vm.run(Inside.Describe.class, None.NONE)).isEqualTo(healthy);
    }

    @Test
    void two_bad_superblocks_are_refused_and_left_alone(Vm vm) {
        Head head = prepare(vm);
        Inside.unmount(vm);
        vm.memory().flipBit(head.superblock(0) + 3000, 0);
        vm.memory().flipBit(head.superblock(1), 7);
        PhysicalSnapshot before = vm.memory().snapshot(head.ranges());

        assertThatThrownBy(() -> vm.run(Inside.TryMount.class, vm.region())).satisfies(DamageIT::isDamaged);
        assertThatThrownBy(() -> vm.run(Inside.TryFormat.class, vm.region()))
                .isInstanceOfSatisfying(
                        GuestFailed.class,
                        failure -> assertThat(failure.type()).isEqualTo(AlreadyExistsException.class.getName()));

        assertThat(vm.memory().differences(before)).isEmpty();
        vm.memory().flipBit(head.superblock(0) + 3000, 0);
        Inside.mount(vm);
        assertThat(ONE.wrongInside(vm)).isEmpty();
    }

    @Test
    void a_record_without_a_good_copy_is_reported_and_the_rest_is_intact(Vm vm) {
        Head head = prepare(vm);
        long record = recordOf(vm, "guest-memory/two");
        List<PhysicalRange> ranges = extents(vm, "two");
        Health healthy = vm.run(Inside.Describe.class, None.NONE);
        PhysicalSnapshot content = vm.memory().snapshot(ranges);
        vm.memory().flipBit(head.record(0, record) + 250, 1);
        vm.memory().flipBit(head.record(1, record) + 60, 1);

        vm.kexec();
        Inside.mount(vm);
        Health after = vm.run(Inside.Describe.class, None.NONE);

        assertThat(after.recordsDamaged()).isEqualTo(1);
        assertThat(after.recordsUsed()).isEqualTo(healthy.recordsUsed() - 1);
        assertThat(vm.sh("dmesg | grep 'holdfast: .*record " + record + " set aside: both copies are damaged'")
                        .exitCode())
                .isZero();
        assertThat(vm.sh("ls " + Mounting.POINT + "/guest-memory").output()).isEqualTo("one");
        assertThat(ONE.wrongInside(vm)).isEmpty();
        assertThat(vm.run(CheckingState.class, STATE)).isTrue();

        // All that is free can be given away: what the damaged record held is not among it.
        assertThat(after.dataFree()).isEqualTo(healthy.dataFree());
        new Guest("all", after.dataFree(), 3).fill(vm);
        assertThat(vm.memory().differences(content)).isEmpty();
    }

    @Test
    void bad_copies_among_many_records_are_found_by_several_processors(VmBuilder builder) {
        try (Vm vm = builder.processors(2).start()) {
            Head head = prepare(vm);
            String files = Mounting.POINT + "/many";
            vm.sh("mkdir " + files + " && cd " + files + " && touch $(seq 3000)");
            Health healthy = vm.run(Inside.Describe.class, None.NONE);
            vm.memory().flipBit(head.record(0, recordOf(vm, "many/40")) + 300, 1);
            vm.memory().flipBit(head.record(1, recordOf(vm, "many/1500")) + 300, 1);
            vm.memory().flipBit(head.record(0, recordOf(vm, "many/2900")) + 300, 1);
            long lost = recordOf(vm, "many/2950");
            vm.memory().flipBit(head.record(0, lost) + 300, 1);
            vm.memory().flipBit(head.record(1, lost) + 300, 1);

            vm.kexec();
            Inside.mount(vm);
            Health after = vm.run(Inside.Describe.class, None.NONE);

            assertThat(after.recordsRepaired()).isEqualTo(3);
            assertThat(after.recordsDamaged()).isEqualTo(1);
            assertThat(after.recordsUsed()).isEqualTo(healthy.recordsUsed() - 1);
            assertThat(vm.sh("cd " + files + " && seq 3000 | while read n; do [ -e $n ] || echo $n; done")
                            .output())
                    .isEqualTo("2950");
            assertThat(ONE.wrongInside(vm)).isEmpty();
        }
    }

    private static Head prepare(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);
        ONE.fill(vm);
        TWO.fill(vm);
        vm.run(SavingState.class, STATE);
        return new Head(vm);
    }

    private static List<PhysicalRange> extents(Vm vm, String name) {
        return new Filling.Filled(vm.run(Inside.Extents.class, name)).ranges();
    }

    private static void isDamaged(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        GuestFailed.class,
                        failure -> assertThat(failure.type()).isEqualTo(DamagedException.class.getName()));
    }

    /** The number of a file's record: inode numbers are one above. */
    private static long recordOf(Vm vm, String file) {
        return Long.parseLong(vm.sh("stat -c %i " + Mounting.POINT + "/" + file).output()) - 1;
    }
}
