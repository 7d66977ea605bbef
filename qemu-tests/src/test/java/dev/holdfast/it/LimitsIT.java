// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DirectoryLimits;
import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.UnknownFeatureException;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RoCompatFlags;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.QemuTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Limits of directory trees, and the features that a region needs for them. */
@QemuTest
@Tag("debug-kernel")
class LimitsIT {
    private static final int MIB = 1 << 20;

    /** Limits a directory. */
    record Limit(String directory, long bytes, long files) {}

    /** Sets limits and tells what is used. */
    static final class SetLimit implements GuestTask<Limit, DirectoryLimits> {
        @Override
        public DirectoryLimits run(Limit limit, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                return region.limit(limit.directory(), limit.bytes(), limit.files());
            }
        }
    }

    /** Tells limits and what is used. */
    static final class Limits implements GuestTask<String, DirectoryLimits> {
        @Override
        public DirectoryLimits run(String directory, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                return region.limits(directory);
            }
        }
    }

    @Test
    void a_tree_stays_within_its_limits_in_every_kernel(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);
        ok(vm, "mkdir -p a/b c");
        vm.run(SetLimit.class, new Limit("a", 4 * MIB, 5));
        vm.run(SetLimit.class, new Limit("a/b", 2 * MIB, 0));

        // The inner limit, through each way to get memory.
        refused(vm, "fallocate -l 2097153 a/b/f");
        ok(vm, "rm -f a/b/f; fallocate -l 2097152 a/b/f");
        refused(vm, "echo x > a/b/g");
        ok(vm, "rm a/b/g; truncate -s 1M a/b/f; echo x > a/b/g; rm a/b/g; truncate -s 1G a/b/f");
        refused(vm, "dd if=/dev/zero of=a/b/f bs=64k count=32 seek=32 conv=notrunc");
        // The outer one counts what is below, and so does a move.
        ok(vm, "rm a/b/f; fallocate -l 3M a/h; fallocate -l 2M c/i");
        refused(vm, "mv c/i a/b/i");
        ok(vm, "truncate -s 1M a/h; mv c/i a/b/i; mv a/b/i c/i; mkdir c/d; fallocate -l 1M c/d/e; mv c/d a/b/d");
        // 1 of a/h, b, d, e: four are there, a fifth is free.
        ok(vm, "touch a/last");
        refused(vm, "touch a/more");
        refused(vm, "mkdir a/b/more");
        assertThat(vm.run(Limits.class, "a")).isEqualTo(new DirectoryLimits(4 * MIB, 5, 2 * MIB, 5));
        assertThat(vm.run(Limits.class, "a/b")).isEqualTo(new DirectoryLimits(2 * MIB, 0, MIB, 2));

        vm.kexec();
        Inside.mount(vm);
        assertThat(vm.run(Limits.class, "a")).isEqualTo(new DirectoryLimits(4 * MIB, 5, 2 * MIB, 5));
        assertThat(vm.run(Limits.class, "a/b")).isEqualTo(new DirectoryLimits(2 * MIB, 0, MIB, 2));
        refused(vm, "touch a/more");
        // What is removed counts until it is closed.
        ok(vm, "exec 5<>a/h; rm a/h; ! touch a/more; exec 5>&-; touch a/more; rm a/more");
        refused(vm, "su nobody -c 'touch a/b/f; true' && fallocate -l 5M a/h");
        // What is over a limit can be moved below it, and taken away.
        vm.run(SetLimit.class, new Limit("a", 1, 1));
        ok(vm, "mv a/last a/renamed; mv a/b/d a/d");
        refused(vm, "mv c/i a/i");
        ok(vm, "rm -r a c");
        assertThat(vm.run(Limits.class, ".").usedBytes()).isZero();
    }

    @Test
    void a_mapping_of_a_sparse_file_stays_within_the_limit(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);
        ok(vm, "mkdir t; truncate -s 64M t/f");
        vm.run(SetLimit.class, new Limit("t", MIB, 0));

        assertThat(vm.run(Touching.class, "t/f")).isEqualTo(MIB / 4096);
    }

    /** Touches the pages of a file in turn, and tells how many could be. */
    static final class Touching implements GuestTask<String, Integer> {
        @Override
        public Integer run(String name, Progress progress) throws java.io.IOException {
            try (Holes file = new Holes(name)) {
                var mapped = file.channel().map(java.nio.channels.FileChannel.MapMode.READ_WRITE, 0, 64 * MIB);
                int touched = 0;
                try {
                    for (; touched < 64 * MIB / 4096; touched++) {
                        mapped.put(touched * 4096, (byte) 1);
                        mapped.get(touched * 4096);
                    }
                } catch (InternalError e) {
                    progress.say(String.valueOf(e.getMessage()));
                }
                int filled = 0;
                while (filled < 64 * MIB / 4096 && file.data(filled * 4096L) == filled * 4096L) {
                    filled++;
                }
                return filled;
            }
        }
    }

    /** Upgrades a region made for old modules; tells the features before and after, and what the limit said before. */
    static final class Upgrading implements GuestTask<PhysicalRange, List<String>> {
        @Override
        public List<String> run(PhysicalRange range, Progress progress) throws java.io.IOException {
            java.nio.file.Files.createDirectories(Mounting.POINT);
            Region.format(range, FormatOptions.defaults().overwriting().forOldModules());
            try (Region region = Region.mount(range, Mounting.POINT)) {
                String before =
                        region.describe().incompat() + " " + region.describe().roCompat();
                String said = "nothing";
                try {
                    region.limit("state", MIB, 0);
                } catch (UnknownFeatureException e) {
                    said = e.getMessage();
                }
                String after =
                        region.upgrade().incompat() + " " + region.describe().roCompat();
                region.limit("state", MIB, 0);
                region.guestMemory("sparse").createSparse(1L << 30).close();
                return List.of(before, String.valueOf(said), after);
            }
        }
    }

    @Test
    void a_region_for_old_modules_can_be_upgraded_and_stays_so(Vm vm) {
        List<String> said = vm.run(Upgrading.class, vm.region());

        assertThat(said.get(0)).isEqualTo("0 0");
        assertThat(said.get(1)).contains("upgrade the region");
        assertThat(said.get(2)).isEqualTo(IncompatFlags.KNOWN + " " + RoCompatFlags.KNOWN);
        vm.kexec();
        Inside.mount(vm);
        assertThat(vm.run(Limits.class, "state").bytes()).isEqualTo(MIB);
        assertThat(ok(vm, "stat -c %s guest-memory/sparse")).isEqualTo(Integer.toString(1 << 30));
    }

    private static void refused(Vm vm, String command) {
        var output = vm.sh("cd " + Mounting.POINT + " && { " + command + "; } 2>&1");
        assertThat(output.exitCode()).as(command).isNotZero();
        assertThat(output.output()).as(command).contains("Disk quota exceeded");
    }

    private static String ok(Vm vm, String command) {
        var output = vm.sh("cd " + Mounting.POINT + " && { set -e; " + command + "; } 2>&1");
        assertThat(output.exitCode()).as("%s: %s", command, output.output()).isZero();
        return output.output();
    }
}
