// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.AlreadyExistsException;
import dev.holdfast.BadGeometryException;
import dev.holdfast.DamagedException;
import dev.holdfast.GuestMemory;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.HoldfastException;
import dev.holdfast.NotMemoryException;
import dev.holdfast.NotReservedException;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Placement;
import dev.holdfast.RangeOptions;
import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.RegionImage;
import dev.holdfast.RegionLayout;
import dev.holdfast.RegionRange;
import dev.holdfast.UnsupportedSystemException;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.fsck.Fsck;
import dev.holdfast.fsck.FsckReport;
import dev.holdfast.fsck.Repair;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A region of several physical ranges, on two NUMA nodes. */
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

    /** Makes files that are bound to a node, or prefer one; says where their memory is, and what was refused. */
    static final class Placing implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) {
            List<String> seen = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT)) {
                create(seen, region, "bound", Placement.bind(1), 64 * MIB);
                create(seen, region, "too large", Placement.bind(1), 100 * MIB);
                create(seen, region, "preferring", Placement.prefer(1), 100 * MIB);
                create(seen, region, "elsewhere", Placement.bind(2), MIB);
                create(seen, region, "anywhere", Placement.any(), MIB);
            }
            return seen;
        }

        private static void create(List<String> seen, Region region, String name, Placement placement, long bytes) {
            GuestMemoryFile file = region.guestMemory(name).withPlacement(placement);
            try (GuestMemory memory = file.create(bytes)) {
                seen.add(name + ": " + file.placement().policy() + " "
                        + file.placement().node() + ", " + memory.size() / MIB + " MiB on " + nodes(region, name));
            } catch (HoldfastException e) {
                seen.add(name + ": " + e.getClass().getSimpleName());
            }
        }
    }

    /** The numbers of the nodes that a file has memory on. */
    private static Set<Integer> nodes(Region region, String name) {
        Set<Integer> nodes = new TreeSet<>();
        for (PhysicalExtent extent : region.guestMemory(name).extents()) {
            for (RegionRange range : region.ranges()) {
                if (range.range().contains(new PhysicalRange(extent.physicalAddress(), extent.length()))) {
                    nodes.add(range.node().orElse(-1));
                }
            }
        }
        return nodes;
    }

    /** Lets files grow that got their placement before the jump. */
    static final class Growing implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) throws IOException {
            List<String> seen = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT)) {
                region.guestMemory("preferring").remove();
                try (FileChannel bound =
                        FileChannel.open(Mounting.POINT.resolve("guest-memory/bound"), StandardOpenOption.WRITE)) {
                    ByteBuffer block = ByteBuffer.allocate((int) MIB);
                    while (true) {
                        bound.write(block.clear(), bound.size());
                    }
                } catch (IOException e) {
                    seen.add(e.getMessage());
                }
                RegionRange far = region.ranges().get(1);
                seen.add("bound: " + region.guestMemory("bound").placement().policy() + " on " + nodes(region, "bound")
                        + ", free there: " + far.free());
                region.guestMemory("bound").place(Placement.any());
                seen.add("now: " + region.guestMemory("bound").placement().policy());
            }
            return seen;
        }
    }

    @Kernels
    void a_file_gets_memory_on_the_node_that_it_is_bound_to_or_none(VmBuilder builder) {
        try (Vm vm = machine(builder).start()) {
            formatAll(vm);
            assertThat(vm.run(Placing.class, None.NONE))
                    .containsExactly(
                            "bound: BIND 1, 64 MiB on [1]",
                            "too large: NoSpaceException",
                            "preferring: PREFER 1, 100 MiB on [0, 1]",
                            "elsewhere: InvalidArgumentException",
                            "anywhere: ANY 0, 1 MiB on [0]");

            vm.kexec();
            Inside.mount(vm);
            assertThat(vm.run(Growing.class, None.NONE))
                    .containsExactly("No space left on device", "bound: BIND on [1], free there: 0", "now: ANY");
        }
    }

    @Test
    void what_cannot_be_a_range_is_refused(VmBuilder builder) {
        PhysicalRange other = new PhysicalRange(FAR.end(), SIZE);
        try (Vm vm = machine(builder).reserving(other).start()) {
            vm.run(Formatting.class, other);
            vm.run(Formatting.class, FIRST);
            Inside.mount(vm);
            PhysicalSnapshot before = vm.memory().snapshot(List.of(head(FIRST), head(FAR), head(other)));

            refused(vm, new PhysicalRange(FAR.base() + 4096, SIZE), BadGeometryException.class, "be aligned to");
            refused(vm, FIRST, BadGeometryException.class, "must lie above its first");
            refused(vm, new PhysicalRange(FIRST.base() - SIZE, SIZE), BadGeometryException.class, "above its first");
            refused(vm, new PhysicalRange(FAR.base(), 1L << 40), NotReservedException.class, "not reserved");
            refused(vm, new PhysicalRange(0xfd00000000L, SIZE), NotMemoryException.class, "does not list it as RAM");
            refused(vm, other, AlreadyExistsException.class, "there is a region already");
            assertThat(vm.sh("grep -c ' : holdfast' /proc/iomem").output().strip())
                    .isEqualTo("1");
            assertThat(vm.memory().differences(before)).isEmpty();

            vm.run(TryAdd.class, FAR);
            refused(vm, FAR, BadGeometryException.class, "overlap none");
            Inside.unmount(vm);
            GuestFailed taken = catchThrowableOfType(GuestFailed.class, () -> vm.run(Inside.TryFormat.class, FAR));
            assertThat(taken.type()).isEqualTo(AlreadyExistsException.class.getName());
        }
    }

    private static void refused(
            Vm vm, PhysicalRange range, Class<? extends HoldfastException> exception, String logged) {
        vm.sh("dmesg -c");
        GuestFailed failure = catchThrowableOfType(GuestFailed.class, () -> vm.run(TryAdd.class, range));
        assertThat(failure.type()).isEqualTo(exception.getName());
        assertThat(failure.guestMessage()).doesNotContain("\n");
        assertThat(vm.sh("dmesg | grep holdfast:").output().lines())
                .singleElement(STRING)
                .contains("refused: ", logged);
    }

    private static PhysicalRange head(PhysicalRange range) {
        return new PhysicalRange(range.base(), 2 * MIB);
    }

    /** Looks at the region when it is not mounted, with all its ranges or with its first only; repairs it, or not. */
    static final class Checking implements GuestTask<Checking.Args, List<String>> {
        record Args(boolean whole, boolean repair) {}

        @Override
        public List<String> run(Args args, Progress progress) {
            List<PhysicalRange> all = Region.inspect(FIRST.base()).ranges();
            RegionImage.Access access = args.repair() ? RegionImage.Access.REPAIR : RegionImage.Access.READ;
            try (RegionImage image =
                    args.whole() ? RegionImage.attach(all, access) : RegionImage.attach(FIRST, access)) {
                FsckReport report = args.repair()
                        ? Fsck.repair(image, EnumSet.allOf(Repair.class)).after()
                        : Fsck.check(image);
                return report.findings().stream()
                        .map(finding -> finding.kind().toString())
                        .toList();
            }
        }
    }

    private static List<String> check(Vm vm, boolean whole, boolean repair) {
        return vm.run(Checking.class, new Checking.Args(whole, repair));
    }

    @Test
    void one_head_of_a_range_is_enough_and_without_both_the_region_is_refused(VmBuilder builder) {
        try (Vm vm = machine(builder).start()) {
            formatAll(vm);
            List<PhysicalRange> where = GUEST.fill(vm);
            Inside.unmount(vm);
            byte[] head = vm.memory().read(FAR.base(), 4096);
            byte[] zeros = new byte[4096];
            long second = FAR.base() + FormatConstants.SUPERBLOCK_COPY_STRIDE;
            assertThat(check(vm, true, false)).isEmpty();
            assertThat(check(vm, false, false)).containsExactly("RANGE_LOST", "RANGE_LOST");

            for (long copy : List.of(FAR.base(), second)) {
                vm.memory().write(copy, zeros);
                assertThat(check(vm, true, false)).containsExactly("RANGE_COPY");
                Inside.mount(vm);
                Inside.unmount(vm);
                assertThat(vm.memory().read(copy, 4096)).isEqualTo(head);

                vm.memory().write(copy, zeros);
                assertThat(check(vm, true, true)).isEmpty();
                assertThat(vm.memory().read(copy, 4096)).isEqualTo(head);
            }

            vm.memory().write(FAR.base(), zeros);
            vm.memory().write(second, zeros);
            assertThat(check(vm, true, false)).containsExactly("RANGE_LOST");
            vm.sh("dmesg -c");
            GuestFailed lost =
                    catchThrowableOfType(GuestFailed.class, () -> vm.run(Inside.TryMount.class, vm.region()));
            assertThat(lost.type()).isEqualTo(DamagedException.class.getName());
            assertThat(vm.sh("dmesg | grep holdfast:").output().lines())
                    .singleElement(STRING)
                    .contains("refused: what is in its range 0x%x+0x%x is lost".formatted(FAR.base(), FAR.size()));
            assertThat(vm.sh("grep ' : holdfast' /proc/iomem").output()).isEmpty();

            vm.memory().write(second, head);
            Inside.mount(vm);
            assertThat(GUEST.wrongInside(vm)).isEmpty();
            assertThat(GUEST.wrongOutside(vm, where)).isEmpty();
        }
    }

    @Kernels
    void all_ranges_get_struct_pages_and_no_range_is_added_then(VmBuilder builder) {
        PhysicalRange late = new PhysicalRange(FAR.end(), SIZE);
        try (Vm vm = machine(builder).reserving(late).start()) {
            formatAll(vm);
            Inside.unmount(vm);
            String mount =
                    "mount -t holdfast -o base=0x%x,pages=device none %s".formatted(FIRST.base(), Mounting.POINT);
            assertThat(vm.sh(mount).exitCode()).isZero();
            assertThat(vm.sh("dmesg").output()).contains("struct pages in compounds of 128 MiB");

            List<PhysicalRange> where = GUEST.fill(vm);
            assertThat(GUEST.wrongInside(vm)).isEmpty();
            assertThat(where).hasSizeGreaterThanOrEqualTo(3);
            refused(vm, late, UnsupportedSystemException.class, "mounted with pages=none");

            Inside.unmount(vm);
            assertThat(vm.sh("grep ' : holdfast' /proc/iomem").output()).isEmpty();
            Inside.mount(vm);
            vm.run(TryAdd.class, late);
            assertThat(GUEST.wrongInside(vm)).isEmpty();
        }
    }
}
