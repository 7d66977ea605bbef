// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import dev.holdfast.Finding;
import dev.holdfast.HoldfastException;
import dev.holdfast.KexecCommandLine;
import dev.holdfast.KexecImage;
import dev.holdfast.NotFoundException;
import dev.holdfast.Preflight;
import dev.holdfast.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Replaces the running kernel under guests whose memory is in regions.
 *
 * <pre>{@code
 * LiveUpdate.into(kernel, initrd).carrying(region).with(guest).execute();
 *
 * // in the next kernel, with the module loaded and the region mounted:
 * Timeline timeline = LiveUpdate.resume(region, guest);
 * }</pre>
 *
 * <p>Until the jump everything can be taken back: if a participant fails or takes too long, those that had stopped go on in the running
 * kernel, and nothing is loaded. One live update at a time; not for several threads.
 */
public final class LiveUpdate {
    /** What {@link Preflight} tells, and what is not good enough with guests at stake. */
    private static final Set<Finding.Kind> TOO_RISKY =
            EnumSet.of(Finding.Kind.NO_MODULE, Finding.Kind.UNREADABLE, Finding.Kind.DAMAGED);

    /** The name of the state file with the timeline, in the first region that is carried. */
    private static final String TIMELINE = "live-update";

    private final Path kernel;
    private final Path initrd;
    private final List<Region> regions = new ArrayList<>();
    private final List<Participant> participants = new ArrayList<>();
    private final Set<Finding.Kind> accepted = EnumSet.noneOf(Finding.Kind.class);
    private KexecCommandLine commandLine = KexecCommandLine.running();
    private boolean unpacking = true;

    private LiveUpdate(Path kernel, Path initrd) {
        this.kernel = kernel;
        this.initrd = initrd;
    }

    /**
     * An update into another kernel. Its command line is that of the running one, with what keeps it away from the regions.
     *
     * @param kernel the kernel image
     * @param initrd its initrd, which loads the holdfast module
     */
    public static LiveUpdate into(Path kernel, Path initrd) {
        return new LiveUpdate(kernel, initrd);
    }

    /** Carries regions, mounted for writing; timings are kept in the first, in the state file {@code live-update}. */
    public LiveUpdate carrying(Region... more) {
        regions.addAll(List.of(more));
        return this;
    }

    /**
     * Another command line; what keeps the kernel away from the regions that are carried is added if need be, and what makes the boot
     * {@linkplain KexecCommandLine#quicker quicker}.
     */
    public LiveUpdate commandLine(KexecCommandLine line) {
        this.commandLine = line;
        return this;
    }

    /**
     * Has somebody take part. They stop and save in this order.
     *
     * @throws IllegalArgumentException if its name has tabs or line breaks, or is that of another
     */
    public LiveUpdate with(Participant participant) {
        String name = participant.name();
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a participant has no tabs or line breaks");
        }
        if (participants.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("there are two participants " + name + "; give each a name of its own");
        }
        participants.add(participant);
        return this;
    }

    /** Findings of a kind are told and don't block: the caller knows better, such as that the module comes from the root file system. */
    public LiveUpdate accepting(Finding.Kind kind) {
        accepted.add(kind);
        return this;
    }

    /**
     * Loads the next kernel as it is. Otherwise it and its initrd are unpacked before anybody stops, if that can be done ({@link
     * dev.holdfast.Kexec#loadUnpacked}), and guests stand still for a shorter time.
     */
    public LiveUpdate withoutUnpacking() {
        unpacking = false;
        return this;
    }

    /** The kernel to jump to. */
    public KexecImage image() {
        KexecCommandLine line = commandLine.quicker();
        for (Region region : regions) {
            line = line.carrying(region);
        }
        return new KexecImage(kernel, initrd, line.text());
    }

    /**
     * Says what would go wrong. Nothing is loaded and nobody is stopped. What this process has mapped is taken to belong to those who
     * take part.
     *
     * @throws NotFoundException if kernel or initrd don't exist
     * @throws dev.holdfast.PermissionException if they may not be read; without CAP_SYS_ADMIN
     */
    public Preflight check() {
        KexecImage image = image();
        List<Finding> packed = unpacking ? Preflight.ofUnpacking(image).findings() : List.of();
        boolean unpacked = unpacking && packed.isEmpty();
        return new Preflight(Stream.of(
                        Preflight.of(image).findings(),
                        packed,
                        MappedFiles.now().findings())
                .flatMap(List::stream)
                // The limit is one of the kernel's own decompressor.
                .filter(finding -> !unpacked || finding.kind() != Finding.Kind.NO_KASLR)
                .map(this::judged)
                .toList());
    }

    Finding judged(Finding finding) {
        boolean blocking =
                (finding.blocking() || TOO_RISKY.contains(finding.kind())) && !accepted.contains(finding.kind());
        return new Finding(finding.kind(), blocking, finding.what(), finding.hint());
    }

    /**
     * Checks, loads the next kernel, stops everybody who takes part, has them save, and jumps. Does not return.
     *
     * @throws LiveUpdateException if a finding blocks, a participant fails, or takes longer than its deadline
     * @throws HoldfastException if the next kernel can't be loaded or jumped into, as {@link dev.holdfast.Kexec} says
     */
    public void execute() {
        if (regions.isEmpty()) {
            throw new LiveUpdateException("cannot update: there is no region to carry; say carrying(region)", null);
        }
        KexecImage image = image();
        Timeline checked = Transaction.timed(new Timeline(List.of()), Timeline.Step.CHECK, "", this::require);
        new Transaction(
                        new Kernel.Running(unpacking),
                        List.copyOf(participants),
                        new InState(regions.get(0).state(TIMELINE)),
                        checked)
                .run(image);
    }

    private void require() {
        check().findings().stream().filter(Finding::blocking).findFirst().ifPresent(finding -> {
            throw new LiveUpdateException("cannot update: " + finding.what() + "; " + finding.hint(), null);
        });
    }

    /**
     * Has everybody go on behind the jump, in the order that is given, also if some fail. Without a live update before it, as after
     * a kexec by hand, the timeline has no more than what is done here.
     *
     * @param region the first region that was carried
     * @throws LiveUpdateException if somebody cannot go on; those behind have been tried, and their failures are suppressed
     */
    public static Timeline resume(Region region, Participant... participants) {
        return new Resumption(new InState(region.state(TIMELINE))).run(List.of(participants));
    }
}
