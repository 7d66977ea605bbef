// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.PhysicalRange;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.it.crash.Checking.Verdict;
import dev.holdfast.it.crash.Stopping.Stop;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Stops machines at many points. A VM has many small regions, which are brought to a stop one after the other, each at a point of
 * its own; then a kexec leaves all of them as they are, or a panic in the middle of the last operation does. In the next kernel
 * all are checked.
 */
final class Walk {

    /** How many points one kernel takes with it. */
    static final int BATCH = 40;

    private static final PhysicalRange REGIONS = new PhysicalRange(MemoryLayout.HIGH, BATCH * (128L << 20));

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final VmBuilder builder;
    private final Report report;
    private final List<Plot> plots = Plot.in(REGIONS);
    private final List<Result> results = new ArrayList<>();

    /** What a stop at a point has left. */
    record Result(StopPoint point, boolean panicked, Verdict verdict) {}

    /** Runs the kernel that the builder has, with a module that has fault injection. */
    Walk(VmBuilder builder, Report report, TextTree module) {
        this.report = report;
        this.builder = builder.withoutHoldfast()
                .module("holdfast", module)
                .region(REGIONS)
                .crashKernel()
                .classesOf(Walk.class);
    }

    /**
     * Walks points that are chosen from each operation's number of steps, in one VM for every {@code batches} batches. The last
     * batch of each ends with a panic.
     */
    List<Result> walk(Function<Map<Operation, Integer>, List<StopPoint>> choice, int batches) {
        List<StopPoint> left = List.of();
        do {
            try (Vm vm = builder.start()) {
                if (results.isEmpty()) {
                    left = choice.apply(vm.run(Measuring.class, plots.get(0).range(), PATIENCE));
                }
                left = walk(vm, left, batches);
            }
        } while (!left.isEmpty());
        return List.copyOf(results);
    }

    private List<StopPoint> walk(Vm vm, List<StopPoint> points, int batches) {
        List<StopPoint> left = points;
        for (int batch = 1; batch <= batches && !left.isEmpty(); batch++) {
            int size = Math.min(BATCH, left.size());
            boolean panics = batch == batches || size == left.size();
            walkBatch(vm, left.subList(0, size), panics);
            left = left.subList(size, left.size());
            report.say("stopped at " + results.size() + " points, " + left.size() + " to go, "
                    + WalkReport.wrong(results).size() + " not as the model says");
        }
        return left;
    }

    private void walkBatch(Vm vm, List<StopPoint> points, boolean panics) {
        List<Stop> stops = new ArrayList<>();
        for (StopPoint point : lastStops(points)) {
            stops.add(new Stop(plots.get(stops.size()), point));
        }
        if (panics) {
            panicInTheLast(vm, stops);
        } else {
            vm.load(vm.sameKernel());
            vm.run(Stopping.class, stops, PATIENCE);
            vm.jump();
        }
        List<Verdict> verdicts = vm.run(Checking.class, stops, PATIENCE);
        for (int index = 0; index < stops.size(); index++) {
            boolean panicked = panics && index == stops.size() - 1;
            results.add(new Result(stops.get(index).point(), panicked, verdicts.get(index)));
        }
    }

    /** The same points with one last that does not return: what has returned does not panic. */
    private static List<StopPoint> lastStops(List<StopPoint> points) {
        return points.stream()
                .sorted(Comparator.comparing(StopPoint::returns).reversed())
                .toList();
    }

    private static void panicInTheLast(Vm vm, List<Stop> stops) {
        int last = stops.size() - 1;
        vm.loadCrash(vm.sameKernel().without("crashkernel="));
        vm.run(Stopping.class, stops.subList(0, last), PATIENCE);
        vm.crash(Panicking.class, stops.get(last));
    }
}
