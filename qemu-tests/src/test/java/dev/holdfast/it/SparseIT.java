// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.FormatOptions;
import dev.holdfast.GuestMemory;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.abi.Errno;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files with holes, and files with more extents than a record holds. */
@QemuTest
@Tag("debug-kernel")
class SparseIT {
    private static final int BLOCK = FormatConstants.BLOCK_SIZE;
    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);

    /** Makes a file that is larger than the region and looks at it; tells what it saw. */
    static final class Looking implements GuestTask<None, List<Long>> {
        @Override
        public List<Long> run(None none, Progress progress) throws IOException {
            List<Long> seen = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT);
                    Holes file = new Holes("sparse")) {
                long free = region.describe().dataFree();
                seen.add((long) file.resize(1L << 40));
                seen.add(free - region.describe().dataFree());
                seen.add(file.data(0));
                seen.add(file.hole(0));
                seen.add((long) file.read(1L << 39, BLOCK)[17]);
                seen.add(free - region.describe().dataFree());

                file.write((1L << 39) + 10, new byte[] {42});
                seen.add(free - region.describe().dataFree());
                seen.add(file.data(0) - (1L << 39));
                seen.add(file.hole(file.data(0)) - (1L << 39));
                seen.add((long) file.read((1L << 39) + 9, 3)[1]);
                seen.add((long) file.allocate(Holes.PUNCH, 1L << 39, BLOCK));
                seen.add(free - region.describe().dataFree());
                seen.add((long) file.read((1L << 39) + 9, 3)[1]);
            }
            return seen;
        }
    }

    @Test
    void a_hole_costs_nothing_and_reads_as_zeros(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);

        assertThat(vm.run(Looking.class, None.NONE))
                .containsExactly(0L, 0L, -1L, 0L, 0L, 0L, (long) BLOCK, 0L, (long) BLOCK, 42L, 0L, 0L, 0L);
    }

    @Test
    void every_call_that_changes_content_does_what_a_model_does_and_it_survives_kexec(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);
        String free = vm.sh("stat -f -c %f " + Mounting.POINT).output();
        Patchwork.Result done = vm.run(Patchwork.class, new Patchwork.Args("patchwork", 7, 3000));
        // More than a record holds, or this shows nothing of leaves.
        assertThat(done.runs()).isGreaterThan(FormatConstants.RECORD_EXTENTS);

        vm.kexec();
        Inside.mount(vm);
        assertThat(vm.run(Patchwork.Look.class, "patchwork")).isEqualTo(done);
        vm.sh("rm " + Mounting.POINT + "/patchwork");
        // What is kept in reserve for leaves since there was a file with some.
        Inside.unmount(vm);
        Inside.mount(vm);
        assertThat(vm.sh("stat -f -c %f " + Mounting.POINT).output()).isEqualTo(free);
    }

    /** What a comb of a file is like: memory in every other block. */
    record Comb(int failed, int teeth, long spent, boolean intact) {}

    /** Writes every other block of a file until something refuses; then looks at all of it. */
    static final class Combing implements GuestTask<Integer, Comb> {
        @Override
        public Comb run(Integer most, Progress progress) throws IOException {
            try (Region region = Region.open(Mounting.POINT);
                    Holes file = new Holes("guest-memory/comb")) {
                long free = region.describe().dataFree();
                int teeth = 0;
                int failed = 0;
                while (failed == 0 && teeth < most) {
                    failed = file.allocate(0, 2L * BLOCK * teeth, BLOCK);
                    if (failed == 0) {
                        file.write(2L * BLOCK * teeth, mark(teeth));
                        teeth++;
                    }
                }
                return new Comb(failed, teeth, free - region.describe().dataFree(), intact(file, teeth));
            }
        }

        static byte[] mark(int tooth) {
            return Integer.toString(tooth).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }

        static boolean intact(Holes file, int teeth) throws IOException {
            for (int tooth = 0; tooth < teeth; tooth++) {
                byte[] mark = mark(tooth);
                if (!java.util.Arrays.equals(file.read(2L * BLOCK * tooth, mark.length), mark)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Tells whether a comb is intact, as 1 or 0, and how many extents it has. */
    static final class LookAtComb implements GuestTask<Integer, List<Integer>> {
        @Override
        public List<Integer> run(Integer teeth, Progress progress) throws IOException {
            try (Region region = Region.open(Mounting.POINT);
                    Holes file = new Holes("guest-memory/comb")) {
                List<PhysicalExtent> extents = region.guestMemory("comb").extents();
                return List.of(Combing.intact(file, teeth) ? 1 : 0, extents.size());
            }
        }
    }

    @Test
    void a_file_has_as_many_extents_as_the_documentation_says(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            int most = FormatConstants.RECORD_EXTENTS * FormatConstants.LEAF_EXTENTS;

            Comb comb = vm.run(Combing.class, most + 1);

            // Leaves that are not full make it a few less.
            assertThat(comb.failed()).isEqualTo(Errno.EFBIG.number());
            assertThat(comb.teeth()).isBetween(most * 9 / 10, most);
            assertThat(comb.intact()).isTrue();
            vm.kexec();
            Inside.mount(vm);
            assertThat(vm.run(LookAtComb.class, comb.teeth())).containsExactly(1, comb.teeth());
        }
    }

    /** Fills a region with a comb and a file, then takes teeth out of the comb. */
    static final class Emptying implements GuestTask<None, List<Integer>> {
        @Override
        public List<Integer> run(None none, Progress progress) throws IOException {
            List<Integer> failed = new ArrayList<>();
            try (Holes comb = new Holes("guest-memory/comb");
                    Holes rest = new Holes("rest")) {
                byte[] block = new byte[BLOCK];
                try {
                    for (long at = 0; ; at += BLOCK) {
                        rest.write(at, block);
                    }
                } catch (IOException e) {
                    progress.say(String.valueOf(e.getMessage()));
                }
                failed.add(rest.allocate(0, rest.channel().size(), BLOCK));
                for (int tooth = 100; tooth < 1000; tooth += 3) {
                    failed.add(comb.allocate(Holes.PUNCH, 2L * BLOCK * tooth, BLOCK));
                }
                failed.add(comb.resize(2L * BLOCK * 500));
                failed.add(comb.resize(2L * BLOCK * 70 + 5));
                failed.add(comb.resize(0));
            }
            return failed.stream().distinct().toList();
        }
    }

    @Test
    void a_file_can_be_made_smaller_when_nothing_is_free(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            vm.run(Combing.class, 2000);

            assertThat(vm.run(Emptying.class, None.NONE)).containsExactly(Errno.ENOSPC.number(), 0);
        }
    }

    /** Touches a sparse guest memory, gives a part back, and reads it again. */
    static final class Balloon implements GuestTask<None, List<Long>> {
        @Override
        public List<Long> run(None none, Progress progress) {
            int part = 8 << 20;
            try (Region region = Region.open(Mounting.POINT);
                    GuestMemory memory = region.guestMemory("balloon").createSparse(64L << 20)) {
                long free = region.describe().dataFree();
                for (int at = 0; at < part; at += BLOCK) {
                    memory.slice(part + at, Long.BYTES).putLong(0, at + 1L);
                }
                long spent = free - region.describe().dataFree();
                region.guestMemory("balloon").discard(part, part / 2);
                long left = free - region.describe().dataFree();
                return List.of(
                        spent,
                        left,
                        memory.slice(part, Long.BYTES).getLong(0),
                        memory.slice(part + part / 2, Long.BYTES).getLong(0));
            }
        }
    }

    @Test
    void a_guest_memory_takes_what_is_touched_and_gives_back_what_is_discarded(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);

        List<Long> seen = vm.run(Balloon.class, None.NONE);

        assertThat(seen).containsExactly(8L << 20, 4L << 20, 0L, (4L << 20) + 1);
    }

    /** Formats for old modules, and tries what needs holes. */
    static final class Plain implements GuestTask<PhysicalRange, List<Long>> {
        @Override
        public List<Long> run(PhysicalRange range, Progress progress) throws IOException {
            Region.format(range, FormatOptions.defaults().overwriting().forOldModules());
            try (Region region = Region.mount(range, Mounting.POINT);
                    Holes file = new Holes("dense")) {
                long free = region.describe().dataFree();
                long resized = file.resize(1 << 20);
                long spent = free - region.describe().dataFree();
                file.write(2 << 20, new byte[1]);
                return List.of(
                        resized,
                        spent,
                        free - region.describe().dataFree(),
                        (long) file.allocate(Holes.PUNCH, 0, BLOCK),
                        (long) file.allocate(Holes.COLLAPSE, 0, BLOCK),
                        file.hole(0),
                        (long) file.resize(1L << 40));
            }
        }
    }

    @Test
    void in_a_region_for_old_modules_files_have_no_holes(Vm vm) {
        vm.sh("mkdir -p " + Mounting.POINT);
        assertThat(vm.run(Plain.class, vm.region()))
                .containsExactly(
                        0L,
                        1L << 20,
                        (2L << 20) + BLOCK,
                        (long) Errno.EOPNOTSUPP.number(),
                        (long) Errno.EOPNOTSUPP.number(),
                        (2L << 20) + 1,
                        (long) Errno.EFBIG.number());
    }
}
