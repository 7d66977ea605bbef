// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.GuestMemoryFile;
import dev.holdfast.NoSpaceException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.it.Inside.Health;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A region that is full loses nothing. */
@QemuTest
@Tag("debug-kernel")
class SpaceIT {

    private static final SavingState.Args OLD = new SavingState.Args("s", 2, 1);
    private static final SavingState.Args NEW = new SavingState.Args("s", 2, 2);
    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);

    @Test
    void a_full_region_refuses_more_and_keeps_what_it_has(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            Health empty = vm.run(Inside.Describe.class, None.NONE);
            vm.run(SavingState.class, OLD);
            List<Guest> guests = fillUp(vm);
            Health full = vm.run(Inside.Describe.class, None.NONE);
            assertThat(full.dataFree()).isLessThan(guests.get(0).bytes());

            assertThat(vm.sh("dd if=/dev/zero of=" + Mounting.POINT + "/rest bs=4k 2>&1")
                            .output())
                    .contains("No space left on device");
            assertThat(vm.run(Inside.Describe.class, None.NONE).dataFree()).isZero();
            assertThatThrownBy(() -> vm.run(SavingState.class, NEW)).satisfies(SpaceIT::isNoSpace);
            assertThat(vm.run(CheckingState.class, OLD)).isTrue();
            vm.kexec();

            vm.run(Mounting.class, vm.region());
            assertThat(vm.run(Inside.Describe.class, None.NONE).dataFree()).isZero();
            assertThat(vm.run(CheckingState.class, OLD)).isTrue();
            for (Guest guest : guests) {
                assertThat(guest.wrongInside(vm)).isEmpty();
            }
            vm.sh("cd " + Mounting.POINT + "; rm rest guest-memory/* state/s");
            assertThat(vm.run(Inside.Describe.class, None.NONE).dataFree()).isEqualTo(empty.dataFree());
        }
    }

    @Test
    void a_region_without_a_free_record_refuses_more_files(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            String touchAll = "cd " + Mounting.POINT + "; mkdir many; i=0; while touch many/$i; do i=$((i+1)); done";

            assertThat(vm.sh(touchAll).output()).contains("No space left on device");

            // 1024 records: the root, guest-memory, state, many, and the files.
            String count = "ls " + Mounting.POINT + "/many | wc -l";
            assertThat(vm.sh(count).output()).isEqualTo("1020");
            assertThatThrownBy(() -> new Guest("late", 4096, 1).fill(vm)).satisfies(SpaceIT::isNoSpace);
            vm.sh("rm " + Mounting.POINT + "/many/7");
            assertThat(new Guest("late", 4096, 1).fill(vm)).hasSize(1);
            vm.kexec();
            vm.run(Mounting.class, vm.region());
            assertThat(vm.sh(count).output()).isEqualTo("1019");
        }
    }

    @Test
    void files_that_are_written_in_turn_do_not_run_out_of_extents(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            String inTurn = "cd " + Mounting.POINT + "; i=0; while [ $i -lt 300 ]; do"
                    + " head -c 4096 /bin/busybox >> a && head -c 4096 /bin/busybox >> b || exit 1; i=$((i+1)); done;"
                    + " wc -c < a; wc -c < b";

            assertThat(vm.sh(inTurn).output()).isEqualTo("1228800\n1228800");
        }
    }

    private static List<Guest> fillUp(Vm vm) {
        List<Guest> guests = new ArrayList<>();
        for (int number = 0; ; number++) {
            Guest guest = new Guest("guest-" + number, 9 << 20, number);
            try {
                guest.fill(vm);
            } catch (GuestFailed failure) {
                isNoSpace(failure);
                assertThat(vm.sh("ls " + Mounting.POINT + "/guest-memory | wc -l")
                                .output())
                        .isEqualTo(Integer.toString(number));
                return guests;
            }
            guests.add(guest);
        }
    }

    private static void isNoSpace(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        GuestFailed.class,
                        failure -> assertThat(failure.type()).isEqualTo(NoSpaceException.class.getName()));
    }

    @Test
    void much_memory_is_cleared_in_steps_and_whoever_stops_between_them_leaves_none(VmBuilder builder) {
        try (Vm vm = builder.start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            Health empty = vm.run(Inside.Describe.class, None.NONE);

            InSteps.Taken taken = vm.run(InSteps.class, None.NONE);

            assertThat(taken.told()).containsExactly(256L << 20, 512L << 20, InSteps.SIZE);
            assertThat(taken.extents()).isEqualTo(1);
            assertThat(taken.failure()).isEqualTo("enough");
            assertThat(vm.sh("ls " + Mounting.POINT + "/guest-memory").output()).isEqualTo("whole");
            assertThat(vm.run(Inside.Describe.class, None.NONE).dataFree()).isEqualTo(empty.dataFree() - InSteps.SIZE);
        }
    }

    /** Creates a guest memory in steps, and another one until it has seen enough. */
    static final class InSteps implements GuestTask<None, InSteps.Taken> {
        static final long SIZE = 600L << 20;

        record Taken(List<Long> told, int extents, String failure) {}

        @Override
        public Taken run(None none, Progress progress) {
            List<Long> told = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT)) {
                GuestMemoryFile whole = region.guestMemory("whole");
                whole.create(SIZE, (done, all) -> told.add(done)).close();
                return new Taken(told, whole.extents().size(), failure(region.guestMemory("stopped")));
            }
        }

        private static String failure(GuestMemoryFile file) {
            try {
                file.create(300L << 20, (done, all) -> {
                            throw new IllegalStateException("enough");
                        })
                        .close();
                return "none";
            } catch (IllegalStateException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
