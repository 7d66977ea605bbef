// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import dev.holdfast.FormatOptions;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.PermissionException;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.RegionArea.Kind;
import dev.holdfast.RegionDescription;
import dev.holdfast.RegionLayout;
import dev.holdfast.RegionRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a region shows of itself to those who look on. */
@QemuTest
@Tag("debug-kernel")
class IntrospectionIT {

    private static final Path FOLDERS = Path.of("/sys/fs/holdfast");
    private static final Guest GUEST = new Guest("vm-42", 8 << 20, 42);

    /**
     * What sysfs says of the mounted region, and what it should.
     *
     * @param files text of each file, without the line feed
     * @param expected text of some of them
     */
    record Look(Map<String, String> files, Map<String, String> expected) {
        long number(String file) {
            return Long.parseLong(String.valueOf(files.get(file)));
        }

        long more(String file, Look before) {
            return number(file) - before.number(file);
        }
    }

    /** Takes a {@link Look}. */
    static final class Looking implements GuestTask<None, Look> {
        @Override
        public Look run(None none, Progress progress) throws IOException {
            try (Region region = Region.open(Mounting.POINT)) {
                RegionDescription description = region.describe();
                return new Look(read(FOLDERS.resolve(description.uuid().toString())), expected(region, description));
            }
        }

        private static Map<String, String> read(Path folder) throws IOException {
            Map<String, String> files = new TreeMap<>();
            try (Stream<Path> walk = Files.walk(folder)) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file);
                    if (!text.endsWith("\n")) {
                        throw new IllegalStateException(file + " does not end its line");
                    }
                    files.put(folder.relativize(file).toString(), text.substring(0, text.length() - 1));
                }
            }
            return files;
        }

        private static String line(RegionRange range) {
            return "0x%x %d %d %d"
                    .formatted(
                            range.range().base(),
                            range.range().size(),
                            range.node().orElse(-1),
                            range.free());
        }

        private static Map<String, String> expected(Region region, RegionDescription description) throws IOException {
            RegionLayout layout = region.layout();
            if (Files.getFileStore(Mounting.POINT).getUnallocatedSpace() != layout.freeBytes()) {
                throw new IllegalStateException("statfs does not agree with the layout");
            }
            return Map.ofEntries(
                    Map.entry("label", description.label()),
                    Map.entry(
                            "base", "0x" + Long.toHexString(description.range().base())),
                    Map.entry("size", Long.toString(description.range().size())),
                    Map.entry("ranges", line(region.ranges().get(0))),
                    Map.entry("free", Long.toString(layout.freeBytes())),
                    Map.entry("largest_contiguous", Long.toString(layout.largestFree())),
                    Map.entry(
                            "retired",
                            Long.toString(layout.of(Kind.RETIRED).stream()
                                    .mapToLong(RegionArea::length)
                                    .sum())),
                    Map.entry("page_model", "none"),
                    Map.entry("quarantined", "0"),
                    Map.entry("generation", Long.toString(description.generation())),
                    Map.entry("writer", description.writerRelease()),
                    Map.entry("geometry/record_slots", Integer.toString(description.recordSlots())),
                    Map.entry("geometry/records_used", Integer.toString(description.recordsUsed())),
                    Map.entry("geometry/data_offset", Long.toString(description.dataOffset())),
                    Map.entry("features/compat", "0x" + Long.toHexString(description.compat())),
                    Map.entry("features/ro_compat", "0x" + Long.toHexString(description.roCompat())),
                    Map.entry("features/incompat", "0x" + Long.toHexString(description.incompat())));
        }
    }

    @Test
    void sysfs_says_what_the_region_says_of_itself_before_and_after_work(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        Look before = look(vm);
        assertThat(before.files().keySet())
                .containsAll(List.of(
                        "counters/allocated_bytes",
                        "counters/commits",
                        "counters/errors",
                        "counters/faults_1g",
                        "counters/faults_2m",
                        "counters/faults_4k",
                        "counters/freed_bytes",
                        "counters/scrubbed_bytes"))
                .hasSize(before.expected().size() + 8);

        GUEST.fill(vm);
        Look full = look(vm);
        assertThat(full.more("free", before)).isEqualTo(-GUEST.bytes());
        assertThat(full.more("counters/allocated_bytes", before)).isEqualTo(GUEST.bytes());
        assertThat(full.more("counters/scrubbed_bytes", before)).isGreaterThanOrEqualTo(GUEST.bytes());
        assertThat(full.more("counters/commits", before)).isGreaterThanOrEqualTo(2);
        assertThat(full.more("counters/faults_4k", before) + full.more("counters/faults_2m", before))
                .isBetween(1L, GUEST.bytes() / 4096);

        sh(vm, "rm " + Mounting.POINT + "/guest-memory/*");
        Look empty = look(vm);
        assertThat(empty.more("free", before)).isZero();
        assertThat(empty.more("counters/freed_bytes", full)).isEqualTo(GUEST.bytes());
        assertThat(empty.number("counters/errors")).isZero();

        String folder = FOLDERS + "/*";
        assertThat(sh(vm, "stat -c %a " + folder + "/base " + folder + "/free")).isEqualTo("400\n444");
        assertThat(vm.sh("su nobody -c 'cat " + folder + "/base'").output()).contains("Permission denied");
        assertThat(sh(vm, "su nobody -c 'cat " + folder + "/free'"))
                .isEqualTo(String.valueOf(empty.files().get("free")));
    }

    private static Look look(Vm vm) {
        Look look = vm.run(Looking.class, None.NONE);
        assertThat(look.files()).containsAllEntriesOf(look.expected());
        return look;
    }

    /** Formats a region with an identity. */
    static final class FormatAs implements GuestTask<FormatAs.Args, None> {
        record Args(PhysicalRange range, String uuid) {}

        @Override
        public None run(Args args, Progress progress) {
            Region.format(args.range(), FormatOptions.defaults().overwriting().withUuid(UUID.fromString(args.uuid())));
            return None.NONE;
        }
    }

    @Test
    void each_mounted_region_has_a_folder_until_it_is_unmounted(Vm vm) {
        String one = "11111111-2222-4333-8444-555555555555";
        String two = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
        long half = vm.region().size() / 2;
        PhysicalRange first = new PhysicalRange(vm.region().base(), half);
        PhysicalRange second = new PhysicalRange(vm.region().base() + half, half);
        vm.run(FormatAs.class, new FormatAs.Args(first, one));
        vm.run(FormatAs.class, new FormatAs.Args(second, two));
        assertThat(sh(vm, "ls " + FOLDERS)).isEmpty();

        mount(vm, first, "/mnt/one");
        mount(vm, second, "/mnt/two");
        assertThat(sh(vm, "ls " + FOLDERS)).isEqualTo(one + "\n" + two);
        sh(vm, "exec 5<" + FOLDERS + "/" + one + "/free; umount /mnt/one; cat <&5 && exit 1; exec 5<&-");
        assertThat(sh(vm, "ls " + FOLDERS)).isEqualTo(two);
        sh(vm, "umount /mnt/two");
        assertThat(sh(vm, "ls " + FOLDERS)).isEmpty();

        vm.run(FormatAs.class, new FormatAs.Args(first, two));
        mount(vm, second, "/mnt/two");
        mount(vm, first, "/mnt/one");
        assertThat(sh(vm, "cat " + FOLDERS + "/" + two + "/base")).isEqualTo("0x" + Long.toHexString(second.base()));
        assertThat(sh(vm, "dmesg")).contains("not shown in /sys/fs/holdfast: another region " + two + " is");
        sh(vm, "umount /mnt/one && ls " + FOLDERS + "/" + two + " && umount /mnt/two && rmmod holdfast");
        assertThat(sh(vm, "ls /sys/fs")).doesNotContain("holdfast");
    }

    private static void mount(Vm vm, PhysicalRange range, String place) {
        sh(vm, "mkdir -p " + place + "; mount -t holdfast -o base=" + range.base() + " none " + place);
    }

    /**
     * What the layout of a region says that others do not.
     *
     * @param problems where it does not agree with FIEMAP or the free memory
     * @param areas how many there are
     * @param held bytes that are neither free nor in a file, while a removed file of as many is open
     * @param unprivileged what becomes of it without privilege
     * @param svg the picture
     */
    record Verdict(List<String> problems, int areas, long held, String unprivileged, String svg) {}

    /** Scatters files over the region and compares its layout with what each of them says. */
    static final class Scattering implements GuestTask<None, Verdict> {
        private static final int FILES = 1500;

        @Override
        public Verdict run(None none, Progress progress) throws IOException {
            Path folder = Mounting.POINT.resolve("guest-memory");
            for (int number = 0; number < FILES; number++) {
                Files.write(folder.resolve("small-" + number), new byte[4096 * (1 + number % 3)]);
            }
            for (int number = 0; number < FILES; number += 2) {
                Files.delete(folder.resolve("small-" + number));
            }
            Path held = Mounting.POINT.resolve("held");
            try (Region region = Region.open(Mounting.POINT);
                    SeekableByteChannel open =
                            Files.newByteChannel(held, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                region.guestMemory("large").create(300L << 20).close();
                RegionLayout layout = region.layout();
                List<String> problems = problems(region, layout);
                open.write(java.nio.ByteBuffer.allocate(8192));
                Files.delete(held);
                long heldBytes = region.layout().of(Kind.HELD).stream()
                        .mapToLong(RegionArea::length)
                        .sum();
                return new Verdict(problems, layout.areas().size(), heldBytes, unprivileged(region), layout.toSvg());
            }
        }

        private static List<String> problems(Region region, RegionLayout layout) {
            List<String> problems = new java.util.ArrayList<>();
            if (layout.freeBytes() != region.describe().dataFree()) {
                problems.add("free: " + layout.freeBytes() + " of "
                        + region.describe().dataFree());
            }
            if (!layout.of(Kind.HELD).isEmpty()) {
                problems.add("held: " + layout.of(Kind.HELD));
            }
            if (layout.shares().size() != region.guestMemories().size()) {
                problems.add("owners: " + layout.shares());
            }
            for (String name : region.guestMemories()) {
                GuestMemoryFile file = region.guestMemory(name);
                List<PhysicalExtent> told = layout.of("guest-memory/" + name).stream()
                        .filter(area -> area.kind() == Kind.CONTENT)
                        .map(area -> new PhysicalExtent(area.fileOffset(), area.physicalAddress(), area.length()))
                        .sorted(Comparator.comparingLong(PhysicalExtent::fileOffset))
                        .toList();
                if (!told.equals(file.extents())) {
                    problems.add(name + ": " + told + " instead of " + file.extents());
                }
            }
            return problems;
        }

        private static String unprivileged(Region region) {
            Function seteuid = Function.getFunction("c", "seteuid");
            seteuid.invokeInt(new Object[] {65534});
            try {
                region.layout();
                return "allowed";
            } catch (PermissionException e) {
                return e.errno().name();
            } finally {
                seteuid.invokeInt(new Object[] {0});
            }
        }
    }

    @Test
    void the_layout_agrees_with_every_file_and_with_the_free_memory(VmBuilder builder) throws Exception {
        try (Vm vm = builder.start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());

            Verdict verdict = vm.run(Scattering.class, None.NONE);

            assertThat(verdict.problems()).isEmpty();
            assertThat(verdict.areas()).as("more than one call tells").isGreaterThan(1024);
            assertThat(verdict.held()).isEqualTo(8192);
            assertThat(verdict.unprivileged()).isEqualTo("EPERM");
            Path picture = Files.writeString(builder.results().resolve("layout.svg"), verdict.svg());
            assertThat(DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(picture.toFile())
                            .getDocumentElement()
                            .getTagName())
                    .isEqualTo("svg");
        }
    }

    private static String sh(Vm vm, String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }
}
