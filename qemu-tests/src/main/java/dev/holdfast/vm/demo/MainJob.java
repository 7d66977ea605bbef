// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.guest.Verifying;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.nio.file.Path;
import java.util.List;

/**
 * The main job: a program plays the hypervisor, its kernel is replaced by kexec, and everything is where it was.
 *
 * @param vm a VM with a region, fresh
 * @param story where it is told
 * @param phases the phases so far
 * @param corrupt whether to change one byte from outside, to show that this is noticed
 */
record MainJob(Vm vm, Story story, Phases phases, boolean corrupt) {

    private static final String GUEST = "vm-42";
    private static final long BYTES = 256L << 20;
    private static final long PAGES = BYTES / PagePattern.PAGE;
    private static final long SEED = 0x601d_fa57;
    private static final SavingState.Args STATE = new SavingState.Args(GUEST, 4, SEED + 1);
    private static final long NEW_PAGES = 4096;
    private static final long NEW_SEED = SEED + 2;

    DemoResult run(Path console) {
        PhysicalRange region = vm.region();
        Boot first = vm.boot();
        story.aside("kernel " + first.release() + ", region " + region);

        None unused = phases.run("format", "format the region", () -> vm.run(Formatting.class, region));
        phases.run("mount", "mount it", () -> vm.run(Mounting.class, region));
        Filling.Filled filled = phases.run(
                "fill",
                "create 256 MiB of guest memory, fill it with a seeded pattern",
                () -> vm.run(Filling.class, Filling.Args.all(GUEST, BYTES, SEED)));
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
        phases.run("load", "load the next kernel (kexec_file_load)", () -> {
            vm.load(vm.sameKernel());
            return None.NONE;
        });
        Boot second = phases.run("kexec", "jump", vm::jump);
        phases.measured("kexecToInit", second.millisToInit());
        phases.measured("moduleLoad", second.millisBetween("module-load", "modules-loaded"));
        story.aside("kernel " + second.release() + ", a fresh one");
        Mounting.Mounted mounted =
                phases.run("mountAgain", "mount the region again", () -> vm.run(Mounting.class, region));
        phases.measured("mountCall", Math.round(mounted.callMillis()));
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

        boolean samePlace = again.extents().equals(filled.extents());
        boolean passed = inside.wrong() == 0
                && inside.pages() == PAGES
                && different.isEmpty()
                && before.pages() == PAGES
                && state
                && samePlace
                && written.wrong() == 0;
        return new DemoResult(
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
                phases.millis(),
                vm.record().bootRetries(),
                console.toString());
    }
}
