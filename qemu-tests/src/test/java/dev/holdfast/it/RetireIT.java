// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.BusyException;
import dev.holdfast.GuestMemory;
import dev.holdfast.InvalidArgumentException;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.RegionArea.Kind;
import dev.holdfast.RegionImage;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.fsck.Fsck;
import dev.holdfast.fsck.FsckReport;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;

/** Pages that are taken out of use: no file has them any more, in this kernel or the next. */
@QemuTest
class RetireIT {
    private static final int PAGE = 4096;
    private static final int PAGES = 512;

    /**
     * What became of the pages.
     *
     * @param retired their physical addresses
     * @param problems what is not as it should be
     */
    record Verdict(List<Long> retired, List<String> problems) {}

    /** Retires a page in the middle of a guest's memory that is mapped, and one that is free. */
    static final class Retiring implements GuestTask<None, Verdict> {
        @Override
        public Verdict run(None none, Progress progress) throws Exception {
            List<String> problems = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT);
                    GuestMemory memory = region.guestMemory("vm-42").create(PAGES * PAGE)) {
                for (int page = 0; page < PAGES; page++) {
                    memory.slice(page * PAGE, Long.BYTES).putLong(0, page + 1L);
                }
                long used = region.guestMemory("vm-42").extents().get(0).physicalAddress() + 7 * PAGE;
                RegionArea free = region.layout().of(Kind.FREE).get(0);
                long unused = free.physicalEnd() - PAGE;
                long before = region.layout().freeBytes();

                region.retire(used);
                region.retire(unused);
                region.retire(unused);

                if (region.layout().freeBytes() != before - 2 * PAGE) {
                    problems.add("free: " + region.layout().freeBytes() + " of " + before);
                }
                for (int page = 0; page < PAGES; page++) {
                    if (memory.slice(page * PAGE, Long.BYTES).getLong(0) != page + 1) {
                        problems.add("page " + page + " has other content");
                    }
                }
                memory.slice(7 * PAGE, Long.BYTES).putLong(0, -8);
                try {
                    region.retire(
                            region.layout().range().base() + region.describe().dataOffset() - PAGE);
                    problems.add("a table was retired");
                } catch (InvalidArgumentException e) {
                    progress.say(e.getMessage());
                }
                return new Verdict(List.of(used, unused), problems);
            }
        }
    }

    /** Fills the region and looks whether a retired page is among what files got, and what else is known of it. */
    static final class Filling implements GuestTask<Filling.Args, List<String>> {
        /**
         * What to expect.
         *
         * @param retired physical addresses of the retired pages
         * @param value what the guest's page 7 starts with
         */
        record Args(List<Long> retired, long value) {}

        @Override
        public List<String> run(Args args, Progress progress) throws Exception {
            List<String> problems = new ArrayList<>();
            try (Region region = Region.open(Mounting.POINT)) {
                byte[] content = Files.readAllBytes(Mounting.POINT.resolve("guest-memory/vm-42"));
                if (ByteBuffer.wrap(content, 7 * PAGE, Long.BYTES)
                                .order(ByteOrder.nativeOrder())
                                .getLong()
                        != args.value()) {
                    problems.add("page 7 has other content");
                }
                long free = region.layout().freeBytes();
                try (GuestMemory rest = region.guestMemory("rest").create(free)) {
                    progress.say(rest.size() + " bytes were left");
                }
                for (String name : region.guestMemories()) {
                    for (PhysicalExtent extent : region.guestMemory(name).extents()) {
                        for (long page : args.retired()) {
                            if (page >= extent.physicalAddress() && page < extent.physicalAddress() + extent.length()) {
                                problems.add(name + " has the retired page 0x" + Long.toHexString(page));
                            }
                        }
                    }
                }
                List<Long> told = region.layout().of(Kind.RETIRED).stream()
                        .map(RegionArea::physicalAddress)
                        .toList();
                if (!told.equals(args.retired().stream().sorted().toList())) {
                    problems.add("the layout shows " + told + " as retired");
                }
                String shown = Files.readString(
                        Path.of("/sys/fs/holdfast", region.describe().uuid().toString(), "retired"));
                if (!shown.equals(args.retired().size() * PAGE + "\n")) {
                    problems.add("sysfs shows " + shown);
                }
                region.guestMemory("rest").remove();
            }
            return problems;
        }
    }

    /** Looks at the region when it is not mounted. */
    static final class Checking implements GuestTask<PhysicalRange, List<String>> {
        @Override
        public List<String> run(PhysicalRange range, Progress progress) throws Exception {
            try (RegionImage image = RegionImage.attach(range, RegionImage.Access.READ)) {
                FsckReport report = Fsck.check(image);
                List<String> problems = new ArrayList<>();
                report.findings().forEach(finding -> problems.add(finding.toString()));
                long withheld = report.summary().orElseThrow().dataWithheld();
                if (withheld != 2 * PAGE) {
                    problems.add(withheld + " bytes are withheld");
                }
                return problems;
            }
        }
    }

    @Kernels
    void a_retired_page_is_given_to_no_file_in_any_kernel_after_it(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());

        Verdict verdict = vm.run(Retiring.class, None.NONE);
        assertThat(verdict.problems()).isEmpty();
        Filling.Args args = new Filling.Args(verdict.retired(), -8);
        assertThat(vm.run(Filling.class, args)).isEmpty();

        vm.kexec();
        assertThat(vm.run(Checking.class, vm.region())).isEmpty();
        vm.run(Mounting.class, vm.region());
        assertThat(vm.run(Filling.class, args)).isEmpty();
    }

    /**
     * Where pages are in physical memory.
     *
     * @param guest page 0 of the memory of the guest {@code vm-42}
     * @param other page 0 of that of another guest, {@code vm-43}, whom nobody maps
     * @param unused a free page
     */
    record Places(long guest, long other, long unused) {
        long guest(int page) {
            return guest + (long) page * PAGE;
        }

        long other(int page) {
            return other + (long) page * PAGE;
        }
    }

    /** Creates two guests' memory. */
    static final class Creating implements GuestTask<None, Places> {
        @Override
        public Places run(None none, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                for (String guest : List.of("vm-42", "vm-43")) {
                    try (GuestMemory memory = region.guestMemory(guest).create(PAGES * PAGE)) {
                        progress.say(guest + ": " + memory.size() + " bytes");
                    }
                }
                return new Places(
                        region.guestMemory("vm-42").extents().get(0).physicalAddress(),
                        region.guestMemory("vm-43").extents().get(0).physicalAddress(),
                        region.layout().of(Kind.FREE).get(0).physicalEnd() - PAGE);
            }
        }
    }

    /** Retires a page, by its physical address. */
    static final class RetiringOne implements GuestTask<Long, String> {
        @Override
        public String run(Long page, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                region.retire(page);
                return "retired";
            } catch (BusyException e) {
                return "busy";
            }
        }
    }

    /** A device may write to a page that is pinned: its content is not moved elsewhere. */
    @Kernels
    void a_pinned_page_is_not_retired(VmBuilder builder, KernelSpec spec) throws Exception {
        assumeThat(spec.debug()).as("a kernel without CONFIG_ZONE_DEVICE").isFalse();
        try (Vm vm = builder.program("victim", TextTree.ofFolder(sources())).start()) {
            vm.run(Formatting.class, vm.region());
            mountWithPages(vm);
            long page = vm.run(Creating.class, None.NONE).guest(0);

            ok(vm, """
                    /app/programs/victim %s pin >/tmp/victim 2>&1 &
                    while ! grep -q mapped /tmp/victim; do sleep 0.1; done; echo $! >/tmp/pid""".formatted(GUEST));
            assertThat(vm.run(RetiringOne.class, page)).isEqualTo("busy");
            ok(vm, "kill $(cat /tmp/pid); while grep -q victim /proc/$(cat /tmp/pid)/comm; do sleep 0.1; done");
            assertThat(vm.run(RetiringOne.class, page)).isEqualTo("retired");
        }
    }

    @Kernels("7.3")
    void who_maps_a_page_with_a_memory_error_is_told_and_no_file_gets_it_again(VmBuilder builder) throws Exception {
        try (Vm vm = builder.program("victim", TextTree.ofFolder(sources())).start()) {
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            long bad = vm.run(Creating.class, None.NONE).guest(7);

            var output = vm.sh("""
                    /app/programs/victim %s/guest-memory/vm-42 >/tmp/victim 2>&1 &
                    while ! grep -q mapped /tmp/victim; do sleep 0.1; done
                    echo 0x%x >/sys/devices/system/memory/hard_offline_page
                    wait $!; echo "exit: $?" >>/tmp/victim; cat /tmp/victim""".formatted(Mounting.POINT, bad));

            assertThat(output.output().strip()).isEqualTo("""
                    mapped
                    told: BUS_MCEERR_AO, page 7
                    then: BUS_MCEERR_AR, page 7
                    around: 1 1
                    read: EIO
                    write: EIO
                    punch: ok
                    again: 0
                    exit: 0""");
            Filling.Args args = new Filling.Args(List.of(bad), 0);
            assertThat(vm.run(Filling.class, args)).isEmpty();

            vm.kexec();
            vm.run(Mounting.class, vm.region());
            assertThat(vm.run(Filling.class, args)).isEmpty();
        }
    }

    /**
     * Struct pages are what the kernel tells a file system by, on every kernel that knows of memory errors (Debian's cloud kernel 6.1 does
     * not). It does not say who shall be told before he touches the page: nobody is.
     */
    @Kernels("7.3")
    void with_struct_pages_a_memory_error_is_known(VmBuilder builder) throws Exception {
        assertKnown(builder);
    }

    @Kernels({"6.1-amd64", "6.12"})
    @Tag("long")
    void with_struct_pages_a_memory_error_is_known_on_older_kernels(VmBuilder builder) throws Exception {
        assertKnown(builder);
    }

    private static void assertKnown(VmBuilder builder) throws Exception {
        try (Vm vm = builder.program("victim", TextTree.ofFolder(sources())).start()) {
            vm.run(Formatting.class, vm.region());
            mountWithPages(vm);
            Places places = vm.run(Creating.class, None.NONE);

            assertThat(ok(vm, "/app/programs/victim " + GUEST + " 20")).isEqualTo("""
                    madvise: ok
                    then: BUS_MCEERR_AR, page 20
                    around: 1 1
                    read: EIO
                    write: EIO
                    punch: ok
                    again: 0""");
            assertThat(ok(vm, """
                    /app/programs/victim %s >/tmp/victim 2>&1 &
                    while ! grep -q mapped /tmp/victim; do sleep 0.1; done
                    for page in 0x%x 0x%x 0x%x; do
                        echo $page >/sys/devices/system/memory/hard_offline_page || exit
                    done
                    kill -USR1 $!; wait $!; echo "exit: $?" >>/tmp/victim; cat /tmp/victim""".formatted(GUEST, places.guest(7), places.other(3), places.unused())))
                    .isEqualTo("""
                    mapped
                    told: nothing
                    then: BUS_MCEERR_AR, page 7
                    around: 2 2
                    read: EIO
                    write: EIO
                    punch: ok
                    again: 0
                    exit: 0""");
            assertThat(ok(vm, OTHER_GUEST)).isEqualTo(PAGE_3_LOST);
            assertThat(ok(vm, "cat /sys/fs/holdfast/*/counters/errors")).isEqualTo("4");

            var table = vm.sh("echo 0x%x >/sys/devices/system/memory/hard_offline_page"
                    .formatted(vm.region().base() + 16 * PAGE));
            assertThat(table.exitCode()).as(table.output()).isNotZero();
            assertThat(ok(vm, "dmesg")).contains("is bad, but the tables are there");

            ok(vm, "umount " + Mounting.POINT);
            mountWithPages(vm);
            assertThat(ok(vm, OTHER_GUEST)).isEqualTo(PAGE_3_LOST);
            assertThat(ok(vm, "cat /sys/fs/holdfast/*/quarantined")).isEqualTo("0");

            vm.kexec();
            vm.run(Mounting.class, vm.region());
            assertThat(ok(vm, OTHER_GUEST)).isEqualTo(PAGE_3_LOST);
            ok(vm, "rm " + GUEST.replace("42", "43"));
            List<Long> bad = List.of(places.guest(20), places.guest(7), places.other(3), places.unused());
            assertThat(vm.run(Filling.class, new Filling.Args(bad, 0))).isEmpty();
        }
    }

    private static final String GUEST = Mounting.POINT + "/guest-memory/vm-42";

    /** Which pages of the other guest, whom nobody maps, can be read. */
    private static final String OTHER_GUEST = """
            for page in 2 3 4; do
                dd if=%s/guest-memory/vm-43 of=/dev/null bs=4096 skip=$page count=1 2>/dev/null && echo read || echo lost
            done""".formatted(Mounting.POINT);

    private static final String PAGE_3_LOST = "read\nlost\nread";

    private static void mountWithPages(Vm vm) {
        ok(
                vm,
                "mkdir -p %s; mount -t holdfast -o base=0x%x,pages=device none %s"
                        .formatted(Mounting.POINT, vm.region().base(), Mounting.POINT));
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output().strip();
    }

    private static Path sources() throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(RetireIT.class.getResource("victim")).toURI());
    }
}
