// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.RangeOptions;
import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.RegionLayout;
import dev.holdfast.RegionRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A region of several physical ranges, on two NUMA nodes; and two regions at once. */
@QemuTest
class RangesIT {
    private static final long MIB = 1 << 20;
    private static final long SIZE = 128 * MIB;
    private static final PhysicalRange FIRST = new PhysicalRange(MemoryLayout.HIGH, SIZE);
    /** Begins where the first ends. */
    private static final PhysicalRange ADJACENT = new PhysicalRange(FIRST.end(), SIZE);
    /** On the other node. */
    private static final PhysicalRange FAR = new PhysicalRange(MemoryLayout.HIGH + 512 * MIB, SIZE);

    private static final long SECOND_NODE = MemoryLayout.HIGH + 256 * MIB;

    /** More than two of the ranges hold. */
    private static final Guest GUEST = new Guest("wide", 300 * MIB, 42);

    private static VmBuilder machine(VmBuilder builder) {
        return builder.region(FIRST).reserving(ADJACENT, FAR).secondNodeFrom(SECOND_NODE);
    }

    /** Adds ranges to the region that is mounted. */
    static final class Adding implements GuestTask<List<PhysicalRange>, None> {
        @Override
        public None run(List<PhysicalRange> ranges, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                ranges.forEach(range -> region.addRange(range, RangeOptions.defaults()));
            }
            return None.NONE;
        }
    }

    /** Adds one range to it. */
    static final class TryAdd implements GuestTask<PhysicalRange, None> {
        @Override
        public None run(PhysicalRange range, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                region.addRange(range, RangeOptions.defaults());
            }
            return None.NONE;
        }
    }

    /** What the ranges are, and what does not add up. */
    static final class Looking implements GuestTask<None, Looking.Look> {
        /**
         * What it sees.
         *
         * @param ranges where they are, and on which node: {@code 128M$0x100000000 on 0}
         * @param problems what is not as it should be
         */
        record Look(List<String> ranges, List<String> problems) {}

        @Override
        public Look run(None none, Progress progress) throws Exception {
            List<String> problems = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT)) {
                List<RegionRange> ranges = region.ranges();
                long free = ranges.stream().mapToLong(RegionRange::free).sum();
                if (free != region.describe().dataFree()) {
                    problems.add("free are " + region.describe().dataFree() + ", in ranges " + free);
                }
                if (!region.describe()
                        .ranges()
                        .equals(ranges.stream().map(RegionRange::range).toList())) {
                    problems.add("described are " + region.describe().ranges());
                }
                RegionLayout layout = region.layout();
                if (layout.freeBytes() != free) {
                    problems.add("the layout shows " + layout.freeBytes() + " as free");
                }
                if (layout.of(RegionArea.Kind.RANGE_HEAD).size() != 2 * (ranges.size() - 1)) {
                    problems.add("the layout has " + layout.of(RegionArea.Kind.RANGE_HEAD));
                }
                if (!layout.toSvg().contains("</svg>")) {
                    problems.add("there is no picture");
                }
                List<String> lines = Files.readAllLines(
                        Path.of("/sys/fs/holdfast", region.describe().uuid().toString(), "ranges"));
                List<String> expected = ranges.stream()
                        .map(range -> "0x%x %d %d %d"
                                .formatted(
                                        range.range().base(),
                                        range.range().size(),
                                        range.node().orElse(-1),
                                        range.free()))
                        .toList();
                if (!lines.equals(expected)) {
                    problems.add("sysfs shows " + lines + ", not " + expected);
                }
                return new Look(
                        ranges.stream()
                                .map(range ->
                                        range.range() + " on " + range.node().orElse(-1))
                                .toList(),
                        problems);
            }
        }
    }

    private static void formatAll(Vm vm) {
        vm.run(Formatting.class, FIRST);
        Inside.mount(vm);
        vm.run(Adding.class, List.of(FAR, ADJACENT));
    }

    private static void look(Vm vm) {
        Looking.Look look = vm.run(Looking.class, None.NONE);
        assertThat(look.problems()).isEmpty();
        assertThat(look.ranges()).containsExactly(FIRST + " on 0", FAR + " on 1", ADJACENT + " on 0");
    }

    @Kernels
    void a_file_over_several_ranges_survives_a_kexec_where_it_was(VmBuilder builder) {
        try (Vm vm = machine(builder).start()) {
            formatAll(vm);
            look(vm);

            List<PhysicalRange> where = GUEST.fill(vm);

            assertThat(where).hasSizeGreaterThanOrEqualTo(3);
            assertThat(List.of(FIRST, ADJACENT, FAR))
                    .allSatisfy(range -> assertThat(where).anyMatch(range::contains));
            assertThat(where)
                    .allSatisfy(
                            run -> assertThat(List.of(FIRST, ADJACENT, FAR)).anyMatch(range -> range.contains(run)));
            assertThat(GUEST.wrongOutside(vm, where)).isEmpty();
            look(vm);

            vm.kexec();
            Inside.mount(vm);

            look(vm);
            assertThat(GUEST.wrongInside(vm)).isEmpty();
            assertThat(GUEST.wrongOutside(vm, where)).isEmpty();
            assertThat(vm.sh("grep -c ' : holdfast' /proc/iomem").output().strip())
                    .isEqualTo("3");
        }
    }
}
