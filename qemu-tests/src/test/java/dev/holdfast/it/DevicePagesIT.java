// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.MountOptions;
import dev.holdfast.PageModel;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;

/** The page model {@code device}: the memory of a region has struct pages while it is mounted. */
@QemuTest
@Tag("debug-kernel")
class DevicePagesIT {

    private static final String DEVICE = "base=0x100000000,pages=device";
    private static final String NONE = "base=0x100000000,pages=none";
    private static final String SYSFS = "cat /sys/fs/holdfast/*/";

    /** A C program does it and says in a line for each case what happened: see {@code pages.c}. */
    @Kernels
    void what_wants_struct_pages_of_a_mapping_works(VmBuilder builder, KernelSpec spec)
            throws IOException, URISyntaxException {
        assumeThat(spec.debug()).as("a kernel without CONFIG_ZONE_DEVICE").isFalse();
        try (Vm vm = builder.kernelModule("loop")
                .kvmInside()
                .program("pages", sources())
                .start()) {
            vm.run(Formatting.class, vm.region());
            ok(vm, "mount -t debugfs none /sys/kernel/debug; mount -t tmpfs none /mnt; mkdir " + Mounting.POINT);
            ok(vm, "dd if=/dev/urandom of=/mnt/disk bs=1M count=8; mknod /tmp/loop b 7 0; losetup /tmp/loop /mnt/disk");
            mount(vm, NONE);
            assertThat(ok(vm, "/app/programs/pages " + Mounting.POINT + " /tmp/loop " + NONE))
                    .isEqualTo(expectedOfNone(spec.version()));
            Inside.unmount(vm);

            mount(vm, DEVICE);
            assertThat(ok(vm, "dmesg")).contains("struct pages in compounds of 1024 MiB");
            assertThat(ok(vm, "/app/programs/pages " + Mounting.POINT + " /tmp/loop " + DEVICE))
                    .isEqualTo(expected(spec.version()));

            assertThat(ok(vm, SYSFS + "page_model; " + SYSFS + "quarantined")).isEqualTo("device\n0");
            assertThat(ok(vm, "dmesg")).doesNotContain("bad pud", "bad pmd", "Bad page", "BUG:", "WARNING:");
        }
    }

    /**
     * Without struct pages there is nothing to pin. KVM follows the page table, which has huge pages from 6.12 on. The file is a hole: small
     * pages come one by one.
     */
    private static String expectedOfNone(String version) {
        boolean large = !version.equals("6.1");
        return """
                pages: %s
                O_DIRECT read: EFAULT, wrong
                O_DIRECT write: EFAULT, wrong
                vmsplice: EFAULT
                process_vm_readv: EFAULT, wrong
                io_uring fixed buffers: EFAULT
                KVM: ok, exit 5, wrote 42, %s
                calls: fork 0 77, mprotect ok right ok, munmap ok SIGSEGV right, mremap right SIGSEGV, truncate SIGBUS right, \
                longer again 0
                private: right, file 1, own 99, follows 98
                pinned, unlinked: EFAULT
                pinned, truncated: EFAULT
                pinned, punched: EFAULT
                pinned, unmounted: EFAULT""".formatted(large ? "2M" : "4K one by one", large ? "2M" : "4K");
    }

    /** 6.1 pins no memory of files for io_uring; 7.3 maps single pages of compounds of 1 GiB, or all of it. */
    private static String expected(String version) {
        String size = version.equals("7.3") ? "4K" : "2M";
        return """
                pages: %s
                O_DIRECT read: ok, right
                O_DIRECT write: ok, right
                vmsplice: ok, right
                process_vm_readv: ok, right
                io_uring fixed buffers: %s
                KVM: ok, exit 5, wrote 42, %s
                calls: fork 0 77, mprotect ok right ok, munmap ok SIGSEGV right, mremap right SIGSEGV, truncate SIGBUS right, \
                longer again 0
                private: right, file 1, own 99, follows 98
                pinned, unlinked: kept back, right, all is free again
                pinned, truncated: kept back, right, all is free again
                pinned, punched: kept back, right, all is free again
                pinned, unmounted: umount ok, mount EBUSY, rmmod EAGAIN, right, mount right""".formatted(
                        version.equals("7.3") ? "4K one by one" : "2M",
                        version.equals("6.1") ? "EOPNOTSUPP" : "ok, read 1048576, right",
                        size);
    }

    /** The region ends between multiples of 1 GiB. */
    @Kernels
    void a_region_is_mounted_with_one_page_model_and_then_with_the_other(VmBuilder builder, KernelSpec spec) {
        assumeThat(spec.debug()).as("a kernel without CONFIG_ZONE_DEVICE").isFalse();
        Guest first = new Guest("first", 8 << 20, 1);
        Guest second = new Guest("second", 8 << 20, 2);
        try (Vm vm = builder.region(new PhysicalRange(MemoryLayout.HIGH, (1L << 30) + (128L << 20)))
                .start()) {
            vm.run(Formatting.class, vm.region());
            ok(vm, "mkdir -p " + Mounting.POINT);
            mount(vm, NONE);
            List<PhysicalRange> at = first.fill(vm);
            Inside.unmount(vm);
            mount(vm, DEVICE);
            assertThat(ok(vm, "dmesg")).contains("struct pages in compounds of 128 MiB");
            assertThat(first.wrongInside(vm)).isEmpty();
            List<PhysicalRange> beside = second.fill(vm);

            vm.kexec();
            ok(vm, "mkdir -p " + Mounting.POINT);
            mount(vm, DEVICE);
            assertThat(first.wrongInside(vm)).isEmpty();
            assertThat(second.wrongInside(vm)).isEmpty();
            Inside.unmount(vm);
            mount(vm, NONE);
            assertThat(ok(vm, SYSFS + "page_model")).isEqualTo("none");
            assertThat(first.wrongInside(vm)).isEmpty();
            assertThat(second.wrongInside(vm)).isEmpty();
            assertThat(first.wrongOutside(vm, at)).isEmpty();
            assertThat(second.wrongOutside(vm, beside)).isEmpty();
        }
    }

    /** Of a large region, so that it can be told from what else happens to free memory. */
    @Kernels
    void struct_pages_cost_less_than_128_kib_for_each_gib(VmBuilder builder, KernelSpec spec) {
        assumeThat(spec.debug()).as("a kernel without CONFIG_ZONE_DEVICE").isFalse();
        long gibibytes = 64;
        try (Vm vm = builder.region(new PhysicalRange(MemoryLayout.HIGH, gibibytes << 30))
                .start()) {
            vm.run(Formatting.class, vm.region());
            ok(vm, "mkdir -p " + Mounting.POINT);
            // What the first mounts allocate for good is not the price of struct pages.
            freeWhileMounted(vm, DEVICE);

            long without = freeWhileMounted(vm, NONE);
            long with = freeWhileMounted(vm, DEVICE);

            assertThat(without - with).as("KiB").isBetween(8 * gibibytes, 128 * gibibytes);
        }
    }

    /** In KiB. MemFree does not count what lies ready for a processor. */
    private static long freeWhileMounted(Vm vm, String options) {
        mount(vm, options);
        String free = ok(
                vm,
                "sync; echo 3 >/proc/sys/vm/drop_caches; cat /proc/meminfo /proc/zoneinfo"
                        + " | awk '/^MemFree/ { free = $2 } $1 == \"count:\" { ready += $2 } END { print free + 4 * ready }'");
        Inside.unmount(vm);
        return Long.parseLong(free);
    }

    /** Mounts the region from Java with the model {@code device}; says what /proc/mounts says of its pages. */
    static final class MountWithPages implements GuestTask<PhysicalRange, String> {
        @Override
        public String run(PhysicalRange range, Progress progress) throws IOException {
            Files.createDirectories(Mounting.POINT);
            try (Region region =
                    Region.mount(range, Mounting.POINT, MountOptions.defaults().withPageModel(PageModel.DEVICE))) {
                return Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .filter(line -> line.contains(region.mountPoint().toString()))
                        .map(line -> line.replaceAll(".*,(pagesize=..,pages=[a-z]*).*", "$1"))
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    @Kernels
    void java_chooses_the_page_model(Vm vm, KernelSpec spec) {
        vm.run(Formatting.class, vm.region());
        ok(vm, "mkdir -p " + Mounting.POINT);
        if (spec.debug()) {
            assertThatThrownBy(() -> vm.run(MountWithPages.class, vm.region()))
                    .hasMessageContaining("UnsupportedSystemException")
                    .hasMessageContaining("EOPNOTSUPP");
            assertThat(ok(vm, "dmesg")).contains("pages=device: this kernel was built without what that takes");
            return;
        }
        String size = spec.version().equals("7.3") ? "4K" : "2M";
        assertThat(vm.run(MountWithPages.class, vm.region())).isEqualTo("pagesize=" + size + ",pages=device");

        assertThat(vm.sh("mount -t holdfast -o " + DEVICE + ",pagesize=1G none " + Mounting.POINT)
                        .exitCode())
                .isNotZero();
        assertThat(ok(vm, "dmesg")).contains("with pages=device this kernel can only map " + size + " here");
        mount(vm, DEVICE);
        assertThat(vm.sh("mount -o remount,pages=none " + Mounting.POINT).exitCode())
                .isNotZero();
        assertThat(ok(vm, "dmesg")).contains("pages= cannot change: unmount and mount again");
    }

    private static void mount(Vm vm, String options) {
        ok(vm, "mount -t holdfast -o " + options + " none " + Mounting.POINT);
        vm.run(Inside.Prepare.class, None.NONE);
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }

    private static TextTree sources() throws IOException, URISyntaxException {
        return TextTree.ofFolder(Path.of(
                Objects.requireNonNull(DevicePagesIT.class.getResource("pages")).toURI()));
    }
}
