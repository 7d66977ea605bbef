// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BadGeometryException;
import dev.holdfast.FormatOptions;
import dev.holdfast.GuestMemory;
import dev.holdfast.MountOptions;
import dev.holdfast.PageSize;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;

/**
 * What processes do to mappings, by a C program that does it and says in a line for each case what happened: see {@code mappings.c}.
 * One VM for each kernel runs all of it, as root and as nobody. docs/mappings.md says the same in words.
 */
@QemuTest
@Tag("debug-kernel")
class MappingCasesIT {

    private static final PhysicalRange REGION = new PhysicalRange(MemoryLayout.HIGH, 3L << 30);
    private static final String PROGRAM = "cd /tmp; /app/programs/mappings " + Mounting.POINT;

    /**
     * What differs between kernels, and between root and others.
     *
     * @param huge whether the kernel maps huge pages here
     * @param poison whether it can poison pages, by the errno of a mapping that has none
     * @param debug whether it is a debug kernel
     * @param root whether the program is run by root
     */
    private record Words(boolean huge, boolean poison, boolean debug, boolean root) {
        /** The debug kernels lack three calls. */
        private String withoutWhatIsMissing(String expected) {
            return !debug
                    ? expected
                    : expected.replace("MERGEABLE ok", "MERGEABLE EINVAL")
                            .replace("process_vm_readv EFAULT", "process_vm_readv ENOSYS")
                            .replace("userfaultfd: EINVAL", "userfaultfd: ENOSYS");
        }

        String expected() {
            String large = huge ? "2M" : "4K one by one";
            return withoutWhatIsMissing("""
                    pages by default: %1$s
                    4K chosen: ok, 4K one by one
                    4K filled: ok, 4K
                    2M chosen: %2$s, %1$s
                    1G chosen: EOPNOTSUPP
                    64K chosen: EINVAL
                    chosen for others: %3$s
                    misplaced: 4K one by one
                    fork: child 5, parent 111
                    private: reads right, file 1, own 77, follows 50, child 78, own 77, apart, ok 1
                    private truncated: 5 SIGBUS
                    read-only: right, write SIGSEGV, mprotect EACCES, mmap EACCES
                    mremap: right, old SIGSEGV SIGSEGV
                    mremap of a part: right, old SIGSEGV, around right
                    mremap to a size: grow EFAULT, double EFAULT, keep EINVAL, shrink ok, right, rest SIGSEGV
                    mprotect of a part: ok, write SIGSEGV, beside ok, ok, read SIGSEGV, ok, right, write ok
                    munmap of a part: ok, read SIGSEGV, beside right right
                    madvise: NORMAL ok, WILLNEED ok, DONTNEED EINVAL, FREE EINVAL, COLD EINVAL, PAGEOUT EINVAL, \
                    POPULATE EINVAL, COLLAPSE EINVAL, HUGEPAGE ok, MERGEABLE ok, DONTFORK ok, DONTDUMP ok, DODUMP EINVAL, \
                    WIPEONFORK EINVAL, HWPOISON %4$s, right
                    mlock, munlock, msync, mincore: ok ok ok ok
                    MAP_POPULATE: %1$s
                    odd mmap: SYNC EOPNOTSUPP, HUGETLB EINVAL, beyond the end SIGBUS
                    ptrace: peek right, poke ok, file 42, read-only EIO, private ok, file 42, mem 8 right, own 33, \
                    write ok x, gone EIO
                    core dump: a core, without the file
                    struct pages: vmsplice EFAULT, process_vm_readv EFAULT, futex EFAULT, O_DIRECT EINVAL, pipe ok ok
                    O_DIRECT: %5$s
                    userfaultfd: EINVAL
                    proc: read, cleared
                    truncate: right, SIGBUS SIGBUS, longer again 0 0
                    given away: 0 pages seen""".formatted(
                            large,
                            huge ? "ok" : "EOPNOTSUPP",
                            root ? "ok" : "EPERM",
                            poison ? root ? "EFAULT" : "EPERM" : "EINVAL",
                            root ? "EFAULT" : "EBADF"));
        }

        String expectedOfGiants() {
            return withoutWhatIsMissing("""
                    pages by default: %s
                    1G chosen: %s
                    1G trusted: 1G
                    taken apart: munmap EINVAL, mprotect EINVAL, madvise EINVAL, mlock ok, shrink EINVAL, move a part EINVAL, \
                    map over EINVAL, right
                    mprotect: ok SIGSEGV right, ok SIGSEGV, ok ok right
                    mremap: 0 stale, 0 lost
                    fork: child 0, parent 111
                    proc: read, cleared
                    ptrace: peek right, poke ok
                    struct pages: vmsplice EFAULT, process_vm_readv EFAULT, futex EFAULT
                    truncate: right, SIGBUS SIGBUS, longer again 0 0""".formatted(root ? "1024M 1G" : "2M 2M", root ? "ok 1G" : "EPERM 2M"));
        }
    }

    @Kernels
    void every_call_on_a_mapping_does_the_right_thing_or_fails_with_the_documented_errno(
            VmBuilder builder, VmHost host, KernelSpec spec) throws IOException, URISyntaxException {
        try (Vm vm =
                builder.region(REGION).program("mappings", sources(host, spec)).start()) {
            boolean huge =
                    vm.run(MountWith.class, new MountWith.Args(REGION, "")).equals("pagesize=2M");
            assertThat(huge).isEqualTo(!spec.version().equals("6.1"));
            boolean poison =
                    vm.sh("test -e /proc/sys/vm/memory_failure_recovery").exitCode() == 0;
            ok(vm, "mount -t debugfs none /sys/kernel/debug; echo '/tmp/core.%p' >/proc/sys/kernel/core_pattern");

            mount(vm, "");
            assertThat(run(vm, "small")).isEqualTo(new Words(huge, poison, spec.debug(), true).expected());
            assertThat(run(vm, "small nobody")).isEqualTo(new Words(huge, poison, spec.debug(), false).expected());
            assertThat(ok(vm, "cat /sys/kernel/debug/x86/pat_memtype_list"))
                    .contains("[mem 0x0000000100000000-0x00000001c0000000] write-back")
                    .doesNotContainPattern("0x00000001[0-9a-f]{8}-.*uncached");

            Inside.unmount(vm);
            assertThat(vm.run(MountWith.class, new MountWith.Args(REGION, "1G")))
                    .isEqualTo(huge ? "pagesize=1G" : "refused");
            if (huge) {
                mount(vm, ",pagesize=1G");
                assertThat(run(vm, "giant")).isEqualTo(new Words(true, poison, spec.debug(), true).expectedOfGiants());
                assertThat(run(vm, "giant nobody"))
                        .isEqualTo(new Words(true, poison, spec.debug(), false).expectedOfGiants());
                assertThat(vm.run(CreateWith.class, PageSize.SIZE_2M)).isEqualTo(PageSize.SIZE_2M);
            }
            assertThat(ok(vm, "dmesg")).doesNotContain("bad pud", "bad pmd", "Bad page");
        }
    }

    /** Formats a region, mounts it and unmounts it; says which page size the mount had. */
    static final class MountWith implements GuestTask<MountWith.Args, String> {
        /**
         * How.
         *
         * @param region which
         * @param pageSize the page size, or nothing
         */
        record Args(PhysicalRange region, String pageSize) {}

        @Override
        public String run(Args args, Progress progress) throws IOException {
            Files.createDirectories(Mounting.POINT);
            Region.format(args.region(), FormatOptions.defaults().overwriting());
            MountOptions options = args.pageSize().isEmpty()
                    ? MountOptions.defaults()
                    : MountOptions.defaults().withPageSize(PageSize.valueOf("SIZE_" + args.pageSize()));
            try (Region region = Region.mount(args.region(), Mounting.POINT, options)) {
                return Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .filter(line -> line.contains(region.mountPoint().toString()))
                        .map(line -> line.replaceAll(".*(pagesize=..).*", "$1"))
                        .findFirst()
                        .orElseThrow();
            } catch (BadGeometryException e) {
                return "refused";
            }
        }
    }

    /** Creates guest memory with pages of a size; says which it has. */
    static final class CreateWith implements GuestTask<PageSize, PageSize> {
        @Override
        public PageSize run(PageSize size, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                try (GuestMemory memory =
                        region.guestMemory("sized").withPageSize(size).create(4 << 20)) {
                    memory.slice(0, Long.BYTES).putLong(0, 42);
                }
                return region.guestMemory("sized").pageSize();
            }
        }
    }

    private static void mount(Vm vm, String options) {
        ok(vm, "mount -t holdfast -o base=0x100000000" + options + " none " + Mounting.POINT);
    }

    private static String run(Vm vm, String words) {
        ok(vm, "cd " + Mounting.POINT + "; chmod 777 .; rm -f file; touch others; chmod 644 others");
        return ok(vm, PROGRAM + " " + words);
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }

    /** The program speaks the interface as it is rendered for the kernel. */
    private static TextTree sources(VmHost host, KernelSpec spec) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(MappingCasesIT.class.getResource("mappings"))
                .toURI());
        SortedMap<String, String> files =
                new TreeMap<>(TextTree.ofFolder(folder).files());
        files.put("holdfast.h", host.moduleSources(host.kernel(spec)).files().get("uapi/holdfast.h"));
        return new TextTree(files);
    }
}
