// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.RegionImage;
import dev.holdfast.fsck.Fsck;
import dev.holdfast.fsck.FsckFinding;
import dev.holdfast.fsck.FsckReport;
import dev.holdfast.fsck.FsckSummary;
import dev.holdfast.fsck.Repair;
import dev.holdfast.it.Inside.Health;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the library says of a region that is not mounted, beside what the module makes of it. */
@QemuTest
@Tag("debug-kernel")
class FsckIT {
    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final Guest ONE = new Guest("one", 4 << 20, 1);
    private static final Guest TWO = new Guest("two", 4 << 20, 2);

    @TempDir
    private Path directory;

    /** Looks at the region inside the VM; tells one finding a line. */
    static final class Checking implements GuestTask<PhysicalRange, List<String>> {
        @Override
        public List<String> run(PhysicalRange range, Progress progress) {
            try (RegionImage image = RegionImage.attach(range, RegionImage.Access.READ)) {
                return lines(Fsck.check(image));
            }
        }
    }

    /**
     * What a repair did, and what was tried while it held the region.
     *
     * @param repaired what was repaired
     * @param left what was found afterwards
     * @param mountedMeanwhile whether somebody else could mount it
     */
    record Repaired(List<String> repaired, List<String> left, boolean mountedMeanwhile) {}

    /** Repairs all that can be repaired. */
    static final class Repairing implements GuestTask<PhysicalRange, Repaired> {
        @Override
        public Repaired run(PhysicalRange range, Progress progress) throws Exception {
            try (RegionImage image = RegionImage.attach(range, RegionImage.Access.REPAIR)) {
                var outcome = Fsck.repair(image, EnumSet.allOf(Repair.class));
                Process mount = new ProcessBuilder(
                                "mount",
                                "-t",
                                "holdfast",
                                "-o",
                                "base=0x" + Long.toHexString(range.base()),
                                "none",
                                Mounting.POINT.toString())
                        .start();
                return new Repaired(
                        outcome.repaired().stream().map(FsckFinding::toString).toList(),
                        lines(outcome.after()),
                        mount.waitFor() == 0);
            }
        }
    }

    private static List<String> lines(FsckReport report) {
        return report.findings().stream().map(FsckFinding::toString).toList();
    }

    @Test
    void what_fsck_says_is_what_a_mount_makes_of_it_and_what_it_repaired_is_whole(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            work(vm);
            Inside.unmount(vm);
            Inside.mount(vm);
            Health healthy = vm.run(Inside.Describe.class, None.NONE);
            Head head = new Head(vm);
            long two = recordOf(vm, "guest-memory/two");
            long patchwork = recordOf(vm, "patchwork");
            Inside.unmount(vm);

            FsckReport clean = checkDump(vm);
            assertThat(lines(clean)).isEmpty();
            FsckSummary summary = clean.summary().orElseThrow();
            assertThat(summary.recordsUsed()).isEqualTo(healthy.recordsUsed());
            assertThat(summary.leaves()).isPositive();
            // The module keeps memory for leaves in reserve as soon as there are some.
            assertThat(summary.dataFree() - healthy.dataFree()).isBetween(0L, 1L << 20);

            plant(vm, head, two, patchwork);
            FsckReport damaged = checkDump(vm);
            assertThat(damaged.findings())
                    .extracting(FsckFinding::kind)
                    .containsExactlyInAnyOrder(
                            FsckFinding.Kind.SUPERBLOCK_COPY,
                            FsckFinding.Kind.RECORD_COPY,
                            FsckFinding.Kind.RECORD_DAMAGED);
            assertThat(vm.run(Checking.class, vm.region())).isEqualTo(lines(damaged));
            Inside.mount(vm);
            Health mounted = vm.run(Inside.Describe.class, None.NONE);
            assertThat(mounted.recordsDamaged()).isEqualTo(damaged.recordsDamaged());
            assertThat(mounted.recordsRepaired()).isEqualTo(damaged.recordsRepaired());
            assertThat(mounted.superblocksRepaired()).isEqualTo(1);
            assertThat(mounted.recordsUsed())
                    .isEqualTo(damaged.summary().orElseThrow().recordsUsed());
            Inside.unmount(vm);

            vm.memory().flipBit(head.superblock(1) + 100, 3);
            vm.memory().flipBit(head.record(0, patchwork) + 500, 5);
            List<String> again = lines(checkDump(vm));
            Repaired repaired = vm.run(Repairing.class, vm.region());
            assertThat(repaired.repaired()).isEqualTo(again).hasSize(3);
            assertThat(repaired.left()).isEmpty();
            assertThat(repaired.mountedMeanwhile()).isFalse();
            assertThat(lines(checkDump(vm))).isEmpty();

            Inside.mount(vm);
            Health whole = vm.run(Inside.Describe.class, None.NONE);
            assertThat(whole.recordsDamaged()).isZero();
            assertThat(whole.recordsRepaired()).isZero();
            assertThat(whole.superblocksRepaired()).isZero();
            assertThat(whole.recordsUsed()).isEqualTo(healthy.recordsUsed() - 1);
            assertThat(whole.dataFree()).isGreaterThanOrEqualTo(healthy.dataFree() + TWO.bytes());
            assertThat(ONE.wrongInside(vm)).isEmpty();
        }
    }

    /** Files of all sorts, and what renaming and removing leaves behind. */
    private static void work(Vm vm) {
        ONE.fill(vm);
        TWO.fill(vm);
        vm.run(Patchwork.class, new Patchwork.Args("patchwork", 7, 3000));
        String work = "cd " + Mounting.POINT + " && mkdir -p a/b/c && for i in $(seq 50); do echo $i > a/b/$i; done"
                + " && mv a/b/1 a/b/2 && mv a/b a/d && rm a/d/3 a/d/4 && touch a/d/c/new";
        assertThat(vm.sh(work).exitCode()).isZero();
    }

    private static void plant(Vm vm, Head head, long two, long patchwork) {
        vm.memory().flipBit(head.superblock(1) + 100, 3);
        vm.memory().flipBit(head.record(0, patchwork) + 500, 5);
        vm.memory().flipBit(head.record(0, two) + 250, 1);
        vm.memory().flipBit(head.record(1, two) + 60, 1);
    }

    private FsckReport checkDump(Vm vm) {
        Path dump = directory.resolve("dump");
        vm.memory().save(vm.region(), dump);
        try (RegionImage image = RegionImage.open(dump, RegionImage.Access.READ)) {
            return Fsck.check(image);
        }
    }

    /** The number of a file's record: inode numbers are one above. */
    private static long recordOf(Vm vm, String file) {
        return Long.parseLong(vm.sh("stat -c %i " + Mounting.POINT + "/" + file).output()) - 1;
    }
}
