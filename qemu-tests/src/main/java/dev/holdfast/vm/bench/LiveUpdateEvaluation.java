// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.ArrayList;
import java.util.List;

/** Turns what was measured of live updates into figures, and holds the goals against it. In milliseconds, but for calls and memory. */
final class LiveUpdateEvaluation {
    /** Of the time of a bare kexec. */
    private static final double SHARE_ON_TOP = 0.10;

    private static final double MILLIS_ON_TOP = 300;
    private static final double OF_BARE_WITH_HANDOFF = 0.70;

    /** Noise apart: what depends on the size of a guest would be many times as much. */
    private static final double SAME = 1.10;

    private final Measurements measured;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    private LiveUpdateEvaluation(Measurements measured) {
        this.measured = measured;
    }

    static Evaluation.Result of(Measurements measured) {
        LiveUpdateEvaluation evaluation = new LiveUpdateEvaluation(measured);
        evaluation.jumps();
        evaluation.pauses();
        evaluation.copies();
        NativeBench.FIGURES.forEach((figure, title) -> evaluation.add(title, "ns", figure));
        return new Evaluation.Result(evaluation.figures, evaluation.goals);
    }

    private void jumps() {
        add("To init, with the harness's initrd, by how the next kernel is loaded", JumpBench.HANDOFF);
        add("Bare kexec, to an initrd that does nothing", JumpBench.BARE);
        if (hasBare()) {
            goals.add(Goal.of(
                    "Bare kexec with the handoff / without",
                    measured.of(JumpBench.BARE, JumpBench.UNPACKED).ratioTo(bare()),
                    OF_BARE_WITH_HANDOFF,
                    ""));
        }
    }

    private void pauses() {
        List<String> sizes = measured.subjects(PauseBench.PAUSE);
        add("Pause of a guest, by its memory in MiB", PauseBench.PAUSE);
        add("of it, to init", PauseBench.TO_INIT);
        add("of it, modules and file systems", PauseBench.TO_ROOT);
        add("of it, a Java virtual machine starts", PauseBench.TO_AGENT);
        add("of it, mounting and resuming", PauseBench.TO_GUEST);
        add("of it, stopping, saving and restoring the guest", PauseBench.PARTICIPANT);
        if (sizes.isEmpty()) {
            return;
        }
        String least = sizes.get(0);
        String most = sizes.get(sizes.size() - 1);
        for (String loaded : measured.subjects(JumpBench.BARE)) {
            Samples bare = measured.of(JumpBench.BARE, loaded);
            for (String size : sizes) {
                goals.add(Goal.of(
                        "Pause of a guest of " + size + " MiB, above a bare kexec, " + loaded,
                        measured.of(PauseBench.PAUSE, size).minus(bare),
                        Math.max(MILLIS_ON_TOP, SHARE_ON_TOP * bare.median()),
                        " ms"));
            }
        }
        if (!most.equals(least)) {
            goals.add(Goal.of(
                    "Pause with " + most + " MiB / with " + least,
                    measured.of(PauseBench.PAUSE, most).ratioTo(measured.of(PauseBench.PAUSE, least)),
                    SAME,
                    ""));
        }
    }

    private void copies() {
        for (String size : measured.subjects(PauseBench.DISK)) {
            Samples ours = measured.of(PauseBench.PARTICIPANT, size);
            figures.add(new Figure(
                    "A guest of " + size
                            + " MiB: stopping, saving and restoring it, beside its memory to a file and back",
                    "ms",
                    List.of(
                            Figure.Row.of("holdfast", ours, ours),
                            Figure.Row.of("tmpfs", measured.of(PauseBench.TMPFS, size), ours),
                            Figure.Row.of("virtio disk", measured.of(PauseBench.DISK, size), ours))));
        }
    }

    private boolean hasBare() {
        return measured.has(JumpBench.BARE, JumpBench.AS_IT_IS) && measured.has(JumpBench.BARE, JumpBench.UNPACKED);
    }

    private Samples bare() {
        return measured.of(JumpBench.BARE, JumpBench.AS_IT_IS);
    }

    private void add(String title, String figure) {
        add(title, "ms", figure);
    }

    /** The subject that was measured first is ours. */
    private void add(String title, String unit, String figure) {
        List<String> subjects = measured.subjects(figure);
        if (subjects.isEmpty()) {
            return;
        }
        Samples first = measured.of(figure, subjects.get(0));
        figures.add(new Figure(
                title,
                unit,
                subjects.stream()
                        .map(subject -> Figure.Row.of(subject, measured.of(figure, subject), first))
                        .toList()));
    }
}
