// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Drawing;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.guest.Verifying;
import dev.holdfast.vm.guest.kvm.EndingGuests;
import dev.holdfast.vm.guest.kvm.ResumingGuests;
import dev.holdfast.vm.guest.kvm.Seen;
import dev.holdfast.vm.guest.kvm.StartingGuest;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import dev.holdfast.vm.guest.kvm.WatchingGuest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main job: a guest runs on KVM in a region, and a program has a large guest memory beside it; the kernel below both is replaced by
 * another one, everything is where it was, and the guest goes on.
 *
 * @param vm a VM with a region, fresh
 * @param next the kernel to update to
 * @param story where it is told
 * @param phases the phases so far
 * @param corrupt whether to change one byte from outside, to show that this is noticed
 */
record MainJob(Vm vm, KernelSpec next, Story story, Phases phases, boolean corrupt) {

    private static final String GUEST = "vm-42";
    private static final String RUNNING = "counter";
    private static final long BYTES = 256L << 20;
    private static final long PAGES = BYTES / PagePattern.PAGE;
    private static final long SEED = 0x601d_fa57;
    private static final SavingState.Args STATE = new SavingState.Args(GUEST, 4, SEED + 1);
    private static final long NEW_PAGES = 4096;
    private static final long NEW_SEED = SEED + 2;

    Done run(Path console) {
        PhysicalRange region = vm.region();
        Boot first = vm.boot();
        story.aside("kernel " + first.release() + ", region " + region);

        None unused = phases.run("format", "format the region", () -> vm.run(Formatting.class, region));
        phases.run("mount", "mount it", () -> vm.run(Mounting.class, region));
        Filling.Filled filled = phases.run(
                "fill",
                "create 256 MiB of guest memory, fill it with a seeded pattern",
                () -> vm.run(Filling.class, Filling.Args.all(GUEST, BYTES, SEED)));
        phases.run("guest", "start a KVM guest in the region", () -> vm.run(StartingGuest.class, RUNNING));
        Seen counted = phases.run(
                "count", "let it count its passes through its memory", () -> vm.run(WatchingGuest.class, RUNNING));
        String layoutBefore = vm.run(Drawing.class, None.NONE);
        PhysicalSnapshot before = phases.run(
                "look",
                "look at its physical pages from outside",
                () -> vm.memory().snapshot(filled.ranges()));
        if (corrupt) {
            long victim = filled.ranges().get(0).base() + 1234 * PagePattern.PAGE + 567;
            story.aside(String.format("--corrupt: one bit at physical address 0x%x changes now", victim));
            vm.memory().flipBit(victim, 3);
        }
        phases.run("save", "save the machine state", () -> vm.run(SavingState.class, STATE));
        Boot second = phases.run(
                "update",
                "live update: load the next kernel, stop and save the guest, jump",
                () -> vm.jump(UpdatingKernel.class, vm.otherKernel(next).carrying(List.of(RUNNING))));
        phases.measured("kexecToInit", second.millisToInit());
        phases.measured("moduleLoad", second.millisBetween("module-load", "modules-loaded"));
        story.aside("kernel " + second.release());
        Mounting.Mounted mounted =
                phases.run("mountAgain", "mount the region again", () -> vm.run(Mounting.class, region));
        phases.measured("mountCall", Math.round(mounted.callMillis()));
        ResumingGuests.Resumed resumed =
                phases.run("resume", "let the guest go on", () -> vm.run(ResumingGuests.class, List.of(RUNNING)));
        Seen wentOn = phases.run("countOn", "let it count on", () -> vm.run(WatchingGuest.class, RUNNING));
        Verifying.Verdict inside = phases.run(
                "verify",
                "open the guest memory, verify every page",
                () -> vm.run(Verifying.class, new Verifying.Args(GUEST, 0, PAGES, SEED)));
        boolean state = phases.run("verifyState", "read the machine state", () -> vm.run(CheckingState.class, STATE));
        List<Long> different = phases.run(
                "compare",
                "compare the physical pages from outside with those before",
                () -> vm.memory().differences(before));
        Filling.Filled again = phases.run(
                "writeOn",
                "go on writing",
                () -> vm.run(Filling.class, new Filling.Args(GUEST, BYTES, 0, NEW_PAGES, NEW_SEED)));
        Verifying.Verdict written = vm.run(Verifying.class, new Verifying.Args(GUEST, 0, NEW_PAGES, NEW_SEED));

        String layoutAfter = vm.run(Drawing.class, None.NONE);
        vm.run(EndingGuests.class, None.NONE);

        List<String> complaints = Stream.of(counted, wentOn)
                .flatMap(seen -> seen.complaints().stream())
                .toList();
        long atStop = resumed.passes().get(0);
        boolean goesOn = complaints.isEmpty() && atStop >= counted.passes() && wentOn.passes() > atStop;
        boolean samePlace = again.extents().equals(filled.extents());
        boolean passed = goesOn
                && inside.wrong() == 0
                && inside.pages() == PAGES
                && different.isEmpty()
                && before.pages() == PAGES
                && state
                && samePlace
                && written.wrong() == 0;
        DemoResult result = new DemoResult(
                passed,
                first.release(),
                second.release(),
                vm.record().accelerator(),
                region.size(),
                BYTES,
                inside.pages() - inside.wrong(),
                inside.wrongPages(),
                before.pages() - different.size(),
                different.stream()
                        .limit(64)
                        .map(address -> String.format("0x%x", address))
                        .toList(),
                state,
                samePlace,
                written.wrong() == 0,
                atStop,
                wentOn.passes(),
                complaints,
                resumed.timeline(),
                Pause.millis(resumed.timeline()),
                phases.millis(),
                vm.record().bootRetries(),
                console.toString());
        return new Done(result, layoutBefore, layoutAfter);
    }

    /** What was found, and pictures of the region before and after, as SVG. */
    record Done(DemoResult result, String layoutBefore, String layoutAfter) {}
}
