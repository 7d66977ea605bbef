// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.FutureVersionException;
import dev.holdfast.HoldfastException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.UnknownFeatureException;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Regions that a module of the future wrote: what this one does not know it ignores and keeps, reads but does not write, or
 * leaves alone, as the region's feature flags say. That nothing changed is seen from outside, over all of the region.
 */
@QemuTest
class FutureRegionIT {

    private static final PhysicalRange SMALL = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final long FUTURE = 1L << 63 | 1L << 20;
    private static final String BITS = "0x8000000000100000";
    private static final Guest GUEST = new Guest("one", 1 << 20, 1);
    private static final SavingState.Args STATE = new SavingState.Args("one", 2, 3);

    @Test
    void compatible_features_are_ignored_and_kept(VmBuilder builder) {
        try (Vm vm = prepared(builder)) {
            Head head = new Head(vm);
            byte[] unknown = head.read(0).reserved();
            Arrays.fill(unknown, (byte) 0xa5);
            head.rewrite(superblock -> superblock.compat(FUTURE).reserved(unknown));
            long generation = head.read(0).generation();

            Inside.mount(vm);
            assertThat(vm.sh("mount | grep holdfast").output()).contains("(rw,");
            assertThat(GUEST.wrongInside(vm)).isEmpty();
            vm.run(SavingState.class, new SavingState.Args("two", 2, 4));
            Inside.unmount(vm);

            for (int copy = 0; copy < 2; copy++) {
                assertThat(head.read(copy).compat()).isEqualTo(FUTURE);
                assertThat(head.read(copy).reserved()).isEqualTo(unknown);
                assertThat(head.read(copy).generation()).isEqualTo(generation + 1);
            }
        }
    }

    @Kernels // each has its own ways to write and to remount
    void read_only_compatible_features_let_a_region_be_read_and_nothing_in_it_changes(VmBuilder builder) {
        try (Vm vm = prepared(builder)) {
            Head head = new Head(vm);
            head.rewrite(superblock -> superblock.roCompat(FUTURE));
            // A mount for writing would repair these.
            vm.memory().flipBit(head.superblock(1) + 3000, 1);
            vm.memory().flipBit(head.record(1, FormatConstants.ROOT_RECORD) + 1000, 1);
            PhysicalSnapshot before = vm.memory().snapshot(List.of(SMALL));
            vm.sh("dmesg -c");

            Inside.mount(vm);

            assertThat(vm.sh("mount | grep holdfast").output()).contains("(ro,");
            assertThat(vm.sh("dmesg | grep 'holdfast:.*mounted read-only'")
                            .output()
                            .lines())
                    .singleElement(STRING)
                    .contains("uses features " + BITS + " that are not known here");
            assertThat(vm.run(CheckingState.class, STATE)).isTrue();
            for (String write : List.of(
                    "touch new",
                    "mkdir new",
                    "rmdir empty",
                    "rm file",
                    "mv file moved",
                    "mv file moved-over",
                    "echo more >> file",
                    "dd if=/bin/busybox of=file conv=notrunc bs=4096 count=1",
                    "truncate -s 0 file",
                    "fallocate -l 1000000 file",
                    "chmod 777 file",
                    "chown 1:1 file",
                    "touch -d '2001-02-03 04:05:06' file")) {
                var output = vm.sh("cd " + Mounting.POINT + " && " + write);
                assertThat(output.exitCode()).as(write).isNotZero();
                assertThat(output.output()).as(write).containsIgnoringCase("read-only file system");
            }
            var remount = vm.sh("mount -o remount,rw " + Mounting.POINT);
            assertThat(remount.exitCode()).isNotZero();
            assertThat(vm.sh("dmesg | grep 'cannot become writable'").output()).contains(BITS);
            assertThat(vm.sh("mount | grep holdfast").output()).contains("(ro,");
            Inside.unmount(vm);
            assertThat(vm.run(MountForWriting.class, vm.region())).isEqualTo("read-only, state of 8192 bytes");

            assertThat(vm.memory().differences(before)).isEmpty();
        }
    }

    /** Mounts as a hypervisor would, looks, and unmounts. */
    static final class MountForWriting implements GuestTask<PhysicalRange, String> {
        @Override
        public String run(PhysicalRange range, Progress progress) {
            try (Region region = Region.mount(range, Mounting.POINT)) {
                return (region.describe().readOnly() ? "read-only" : "writable") + ", state of "
                        + region.state("one").read().length + " bytes";
            }
        }
    }

    @Test
    void incompatible_features_and_newer_formats_are_refused_and_nothing_in_the_region_changes(VmBuilder builder) {
        try (Vm vm = prepared(builder)) {
            Head head = new Head(vm);

            refused(
                    vm,
                    () -> head.rewrite(superblock -> superblock.incompat(FUTURE)),
                    UnknownFeatureException.class,
                    "uses incompatible features " + BITS + " that are not known here");
            assertThat(vm.run(Features.class, vm.region())).isEqualTo(FUTURE);

            // Stopped in the middle of a commit, by a module that had just begun to use a feature.
            head.rewrite(0, superblock -> superblock.generation(superblock.generation() + 1));
            refused(
                    vm,
                    () -> head.rewrite(1, superblock -> superblock.incompat(0)),
                    UnknownFeatureException.class,
                    "uses incompatible features " + BITS);

            // Of a newer format nothing is known but where its version and checksum are.
            Consumer<SuperblockLayout> future = superblock -> superblock
                    .version(FormatConstants.FORMAT_VERSION + 1)
                    .size(0)
                    .recordSlots(-1)
                    .incompat(FUTURE);
            refused(
                    vm,
                    () -> head.rewrite(future),
                    FutureVersionException.class,
                    "written in format version 2, this module reads up to 1");
        }
    }

    /** Asks for the incompatible features of a region that is not mounted. */
    static final class Features implements GuestTask<PhysicalRange, Long> {
        @Override
        public Long run(PhysicalRange range, Progress progress) {
            return Region.inspect(range.base()).incompat();
        }
    }

    /** Mounts a region for reading and unmounts it. */
    static final class TryRead implements GuestTask<PhysicalRange, None> {
        @Override
        public None run(PhysicalRange range, Progress progress) {
            Region.mountReadOnly(range, Mounting.POINT).close();
            return None.NONE;
        }
    }

    private static Vm prepared(VmBuilder builder) {
        Vm vm = builder.region(SMALL).start();
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);
        GUEST.fill(vm);
        vm.run(SavingState.class, STATE);
        vm.sh("cd " + Mounting.POINT + " && mkdir empty && echo content | tee file > moved-over");
        Inside.unmount(vm);
        return vm;
    }

    private static void refused(Vm vm, Runnable change, Class<? extends HoldfastException> exception, String logged) {
        change.run();
        PhysicalSnapshot before = vm.memory().snapshot(List.of(SMALL));
        for (Class<? extends GuestTask<PhysicalRange, None>> mount :
                List.<Class<? extends GuestTask<PhysicalRange, None>>>of(Inside.TryMount.class, TryRead.class)) {
            vm.sh("dmesg -c");
            assertThatThrownBy(() -> vm.run(mount, vm.region()))
                    .isInstanceOfSatisfying(
                            GuestFailed.class,
                            failure -> assertThat(failure.type()).isEqualTo(exception.getName()));
            assertThat(vm.sh("dmesg | grep holdfast:").output().lines())
                    .singleElement(STRING)
                    .contains("refused: " + logged);
        }
        assertThat(vm.memory().differences(before)).isEmpty();
    }
}
