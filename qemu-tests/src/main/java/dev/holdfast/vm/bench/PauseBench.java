// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.PhysicalRange;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.Agent;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.KernelLoading.Loader;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.guest.kvm.EndingGuests;
import dev.holdfast.vm.guest.kvm.ResumingFirst;
import dev.holdfast.vm.guest.kvm.StartingSizedGuest;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures how long a guest of some size stands still over a live update, and how long its memory takes to a file and back. */
final class PauseBench {
    /** The figures; subjects are sizes in MiB. */
    static final String PAUSE = "pause";

    static final String TO_INIT = "to-init";
    static final String TO_ROOT = "to-root";
    static final String TO_AGENT = "to-agent";
    static final String TO_GUEST = "to-guest";
    static final String PARTICIPANT = "participant";
    static final String TMPFS = "copy-tmpfs";
    static final String DISK = "copy-disk";

    /** What a guest's memory is copied to and from at most: there must be room beside it. */
    private static final long MOST_COPIED = 1L << 30;

    private static final String GUEST = "guest";
    private static final String MEMORY = Mounting.POINT + "/guest-memory/" + GUEST;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final VmHost host;
    private final KernelSpec kernel;
    private final Path results;
    private final int rounds;
    private final Measurements measured;
    private String accelerator = "";

    PauseBench(VmHost host, KernelSpec kernel, Path results, int rounds, Measurements measured) {
        this.host = host;
        this.kernel = kernel;
        this.results = results;
        this.rounds = rounds;
        this.measured = measured;
    }

    /** What the VMs ran on; empty if there was none. */
    String accelerator() {
        return accelerator;
    }

    /** Measures one size, in bytes. */
    void measure(long bytes) {
        String subject = Long.toString(bytes >> 20);
        VmBuilder builder = host.vm("bench pause " + subject + " " + kernel, results.resolve("pause-" + subject))
                .kernel(kernel)
                .region(new PhysicalRange(MemoryLayout.HIGH, (bytes / MemoryLayout.GIB + 2) * MemoryLayout.GIB))
                .memory(3 * MemoryLayout.GIB)
                .scratchDisk(2 * MOST_COPIED)
                .kvmInside()
                .classesOf(Machine.class);
        try (Vm vm = builder.start()) {
            accelerator = vm.record().accelerator();
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            vm.run(StartingSizedGuest.class, new StartingSizedGuest.Args(GUEST, bytes), PATIENCE);
            vm.memory().releaseZeros(vm.region());
            for (int round = 0; round < rounds; round++) {
                update(vm, subject);
            }
            vm.run(EndingGuests.class, None.NONE);
            if (bytes <= MOST_COPIED) {
                for (int round = 0; round < rounds; round++) {
                    copy(vm, subject, bytes);
                }
            }
        }
        try {
            builder.cleanUp(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the moment when the guest is told to stop until it runs: by the clock of this machine to init, then by the kernel's. */
    private void update(Vm vm, String subject) {
        Boot boot = vm.jump(
                UpdatingKernel.class,
                vm.sameKernel()
                        .loadedBy(Loader.LIBRARY_UNPACKED)
                        .without(Agent.FIRST)
                        .without(ResumingFirst.GUEST)
                        .with(ResumingFirst.words(vm.region(), GUEST))
                        .carrying(List.of(GUEST)));
        long root = boot.millisBetween("init", "root-mounted");
        long agent = boot.millisBetween("root-mounted", Agent.STARTED);
        long guest = boot.millisBetween(Agent.STARTED, Agent.FIRST_DONE);
        measured.add(TO_INIT, subject, boot.millisToInit());
        measured.add(TO_ROOT, subject, root);
        measured.add(TO_AGENT, subject, agent);
        measured.add(TO_GUEST, subject, guest);
        measured.add(PAUSE, subject, boot.millisToInit() + root + agent + guest);
        ResumingFirst.Told.Times times = vm.run(ResumingFirst.Told.class, GUEST, PATIENCE);
        measured.add(PARTICIPANT, subject, times.quiesce() + times.save() + times.restore());
    }

    /** The guest stands still: what is copied does not change. */
    private void copy(Vm vm, String subject, long bytes) {
        long mib = bytes >> 20;
        measured.add(
                TMPFS,
                subject,
                millis(
                        vm,
                        "dd if=" + MEMORY + " of=/tmp/memory bs=1M && dd if=/tmp/memory of=" + MEMORY
                                + " bs=1M conv=notrunc && rm /tmp/memory"));
        measured.add(
                DISK,
                subject,
                millis(
                        vm,
                        "dd if=" + MEMORY
                                + " of=/dev/vdd bs=1M conv=fsync && echo 3 > /proc/sys/vm/drop_caches && dd if=/dev/vdd of="
                                + MEMORY + " bs=1M conv=notrunc count=" + mib));
    }

    private static long millis(Vm vm, String command) {
        long start = System.nanoTime();
        Shell.Output output =
                vm.run(Shell.class, new Shell.Args(command, PATIENCE.toMillis()), PATIENCE.plusSeconds(10));
        if (output.exitCode() != 0) {
            throw new HarnessException(command + ": " + output.output());
        }
        return (System.nanoTime() - start) / 1_000_000;
    }
}
