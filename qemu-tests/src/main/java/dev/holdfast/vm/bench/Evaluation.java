// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns what was measured into figures, and holds the goals against it. Times arrive in microseconds, memory in KiB. */
final class Evaluation {

    private static final String OURS = "holdfast-";

    /** The mount that files, names and commits are measured on, and what they are compared with. */
    private static final String PLAIN = OURS + "4K";

    private static final String TMPFS = "tmpfs-4K";

    private static final String GIB = "-GiB";

    /** What a mount with struct pages is named, behind how much is preserved. */
    private static final String DEVICE = "-device";

    private static final String MANY_FILES = "100000-files";

    /** A commit may take this much longer than a call that does nothing, in microseconds. */
    private static final double COMMIT_MICROS = 2;

    private final Measurements measured;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    private Evaluation(Measurements measured) {
        this.measured = measured;
    }

    /** Figures and goals. */
    record Result(List<Figure> figures, List<Goal> goals) {}

    static Result of(Measurements measured) {
        Evaluation evaluation = new Evaluation(measured);
        evaluation.touches();
        evaluation.files();
        evaluation.commits();
        evaluation.allocation();
        evaluation.preserved();
        return new Result(evaluation.figures, evaluation.goals);
    }

    private void touches() {
        for (String page : List.of("4K", "2M", "1G")) {
            touch("touch-filled", page, "First touch of 1 GiB that was allocated before");
            touch("touch-fresh", page, "First touch of 1 GiB that it allocates and clears");
        }
    }

    private void touch(String figure, String page, String title) {
        String ours = OURS + page;
        if (!measured.has(figure, ours)) {
            return;
        }
        List<String> others = measured.subjects(figure).stream()
                .filter(subject -> subject.endsWith("-" + page) && !subject.equals(ours))
                .toList();
        List<String> rivals =
                others.stream().filter(subject -> !subject.startsWith(OURS)).toList();
        String whole = title + ", pages of " + page;
        add(whole, "ms", figure, ours, others, 1000);
        rivals.stream()
                .min(Comparator.comparing(
                        subject -> measured.of(figure, subject).median()))
                .ifPresent(best -> goals.add(Goal.of(
                        whole + ": ours / " + best,
                        measured.of(figure, ours).ratioTo(measured.of(figure, best)),
                        1,
                        "")));
    }

    private void files() {
        compare("read", "read() of 1 MiB", 1);
        compare("write-over", "write() of 1 MiB over what was written", 1);
        compare("write-new", "write() of 1 MiB to a new file", 1);
        compare("create-unlink", "Create a file and remove it", 2);
    }

    private void compare(String figure, String title, double limit) {
        if (!measured.has(figure, PLAIN)) {
            return;
        }
        add(title, "µs", figure, PLAIN, List.of(TMPFS, "tmpfs-2M"), 1);
        goals.add(Goal.of(
                title + ": ours / tmpfs", measured.of(figure, PLAIN).ratioTo(measured.of(figure, TMPFS)), limit, ""));
    }

    private void commits() {
        if (!measured.has("setattr", PLAIN)) {
            return;
        }
        add("An ioctl that does nothing", "µs", "empty-ioctl", PLAIN, List.of(TMPFS), 1);
        add("Change an attribute of a file (fchmod)", "µs", "setattr", PLAIN, List.of(TMPFS), 1);
        goals.add(Goal.of(
                "A commit, above an ioctl that does nothing",
                measured.of("setattr", PLAIN).minus(measured.of("empty-ioctl", PLAIN)),
                COMMIT_MICROS,
                " µs"));
    }

    private void allocation() {
        if (!measured.has("allocate", PLAIN)) {
            return;
        }
        List<String> others = measured.subjects("allocate").stream()
                .filter(subject -> !subject.startsWith(OURS))
                .toList();
        add("Allocate and clear 1 GiB (fallocate)", "ms", "allocate", PLAIN, others, 1000);
        add("Free 1 GiB (unlink)", "ms", "free", PLAIN, others, 1000);
        add(
                "Kernel memory while 1 GiB is mapped and each page was touched, struct pages not counted",
                "KiB",
                "touch-filled-memory",
                PLAIN,
                measured.subjects("touch-filled-memory").stream()
                        .filter(subject -> !subject.equals(PLAIN))
                        .toList(),
                1);
    }

    /** Of 1 GiB, and of the most that was preserved. */
    private void preserved() {
        List<String> sizes = measured.subjects("mount").stream()
                .filter(subject -> subject.endsWith(GIB))
                .toList();
        if (sizes.isEmpty()) {
            return;
        }
        String least = sizes.get(0);
        String most = sizes.get(sizes.size() - 1);
        addAll("Unmount before the jump", "µs", "ready");
        addAll("Mount after the jump", "µs", "mount");
        addAll("Open, map and look at both ends of it", "µs", "find");
        addAll("Kernel memory that a mount and a mapping take", "KiB", "mount-memory");
        addAll("The same when each 2 MiB of the mapping was touched", "KiB", "mapped-memory");
        goals.add(Goal.of(
                "Unmount, mount, open and map: " + most + " / " + least,
                readyAndFound(most).ratioTo(readyAndFound(least)),
                1.5,
                ""));
        goals.add(Goal.of(
                "Mount of 100000 files", measured.of("mount", MANY_FILES).dividedBy(1000), 1000, " ms"));
        if (!most.equals(least)) {
            double more = gib(most) - gib(least);
            goals.add(Goal.of(
                    "Kernel memory for each further GiB that is preserved, mapped and touched",
                    measured.of("mapped-memory", most)
                            .minus(measured.of("mapped-memory", least))
                            .dividedBy(more),
                    64,
                    " KiB"));
        }
        if (measured.has("mapped-memory", most + DEVICE)) {
            goals.add(Goal.of(
                    "Kernel memory for each GiB of a region with struct pages, " + most + " of it mapped and touched",
                    measured.of("mapped-memory", most + DEVICE).dividedBy(gib(most) + Preserved.BESIDE),
                    128,
                    " KiB"));
        }
    }

    private static double gib(String subject) {
        return Double.parseDouble(subject.substring(0, subject.length() - GIB.length()));
    }

    private Samples readyAndFound(String subject) {
        return measured.of("ready", subject).plus(measured.of("mount", subject)).plus(measured.of("find", subject));
    }

    private void addAll(String title, String unit, String figure) {
        List<String> subjects = measured.subjects(figure);
        add(title, unit, figure, subjects.get(0), subjects.subList(1, subjects.size()), 1);
    }

    private void add(String title, String unit, String figure, String ours, List<String> others, double divisor) {
        Samples own = measured.of(figure, ours).dividedBy(divisor);
        List<Figure.Row> rows = new ArrayList<>(List.of(Figure.Row.of(ours, own, own)));
        for (String other : others) {
            rows.add(Figure.Row.of(other, measured.of(figure, other).dividedBy(divisor), own));
        }
        figures.add(new Figure(title, unit, rows));
    }
}
