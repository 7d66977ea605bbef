// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small tasks that several tests run inside the VM. */
final class Inside {

    private Inside() {}

    /** Mounts the region as an administrator would. Nothing holds it. */
    static void mount(Vm vm) {
        String base = "0x" + Long.toHexString(vm.region().base());
        done(vm, "mkdir -p " + Mounting.POINT + " && mount -t holdfast -o base=" + base + " none " + Mounting.POINT);
        vm.run(Prepare.class, None.NONE);
    }

    /** Unmounts it. Where that fails, the error tells who uses it. */
    static void unmount(Vm vm) {
        done(
                vm,
                "umount " + Mounting.POINT + " || { grep -l ' " + Mounting.POINT + "/' /proc/[0-9]*/maps;"
                        + " ls -l /proc/[0-9]*/fd /proc/[0-9]*/cwd | grep " + Mounting.POINT + "; ps; exit 1; } 2>&1");
    }

    /** Unmounts it and mounts it again. */
    static void mountAgain(Vm vm) {
        unmount(vm);
        mount(vm);
    }

    private static void done(Vm vm, String command) {
        var output = vm.sh(command);
        if (output.exitCode() != 0) {
            throw new AssertionError(command + ": " + output.output());
        }
    }

    /** Inside the VM: what Java mapped keeps files, and the mount, until the collector of garbage unmaps it. */
    static void awaitUnmapped() throws IOException, InterruptedException {
        String point = Mounting.POINT + "/";
        while (Files.readString(Path.of("/proc/self/maps")).contains(point)) {
            System.gc();
            Thread.sleep(50);
        }
    }

    /** Makes the library's directories in a region that is mounted. */
    static final class Prepare implements GuestTask<None, None> {
        @Override
        public None run(None none, Progress progress) {
            Region.open(Mounting.POINT).close();
            return None.NONE;
        }
    }

    /** Formats a range where there is no region. */
    static final class TryFormat implements GuestTask<PhysicalRange, None> {
        @Override
        public None run(PhysicalRange range, Progress progress) {
            Region.format(range, FormatOptions.defaults());
            return None.NONE;
        }
    }

    /** Mounts a region and unmounts it again. */
    static final class TryMount implements GuestTask<PhysicalRange, None> {
        @Override
        public None run(PhysicalRange range, Progress progress) throws IOException {
            Files.createDirectories(Mounting.POINT);
            Region.mount(range, Mounting.POINT).close();
            return None.NONE;
        }
    }

    /**
     * What a mounted region says of itself.
     *
     * @param recordsUsed records in use
     * @param recordsDamaged records set aside at mount
     * @param recordsRepaired records of which one copy was bad at mount
     * @param superblocksRepaired superblock copies that were bad at mount
     * @param dataFree free bytes
     */
    record Health(int recordsUsed, int recordsDamaged, int recordsRepaired, int superblocksRepaired, long dataFree) {

        /** The same where so many commits had been cut off between their two copies. */
        Health repaired(int records) {
            return new Health(recordsUsed, recordsDamaged, records, superblocksRepaired, dataFree);
        }
    }

    /** Asks the mounted region for its health. */
    static final class Describe implements GuestTask<None, Health> {
        @Override
        public Health run(None none, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                RegionDescription now = region.describe();
                return new Health(
                        now.recordsUsed(),
                        now.recordsDamaged(),
                        now.recordsRepaired(),
                        now.superblocksRepaired(),
                        now.dataFree());
            }
        }
    }

    /** Says where in physical memory a guest memory is. */
    static final class Extents implements GuestTask<String, List<PhysicalExtent>> {
        @Override
        public List<PhysicalExtent> run(String name, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                return region.guestMemory(name).extents();
            }
        }
    }
}
