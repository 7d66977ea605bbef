// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a walk has found, for people and for programs. */
final class WalkReport {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private WalkReport() {}

    /**
     * One kind of operation.
     *
     * @param operation its name
     * @param steps how many it has
     * @param walked at how many points it was stopped, its return among them
     * @param happensAt the first of its steps after which it has happened
     * @param panics how many of the stops were panics, the others being a kexec over a parked thread
     * @param repaired records of which one copy was out of step, in all
     * @param wrong deviations from the model
     */
    private record Line(
            String operation, int steps, int walked, int happensAt, int panics, int repaired, List<String> wrong) {}

    /** All lines. */
    private record Table(String kernel, int points, int panics, List<Line> operations) {}

    /** Deviations from the model, and operations that happen and then have not happened. */
    static List<String> wrong(List<Walk.Result> results) {
        List<String> wrong = new ArrayList<>();
        for (Walk.Result result : results) {
            result.verdict().wrong().forEach(what -> wrong.add(result.point() + ": " + what));
            if (!result.verdict().happened()
                    && result.point().steps() > happensAt(of(result.point().operation(), results))) {
                wrong.add(result.point() + ": it has not happened, but had after fewer steps");
            }
        }
        return wrong;
    }

    /** Writes {@code build/crash/walk-KERNEL.json}. */
    static void write(KernelSpec kernel, List<Walk.Result> results) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            lines.add(line(operation, of(operation, results)));
        }
        Path directory = Workspace.find().root().resolve("build/crash");
        Files.createDirectories(directory);
        Table table = new Table(kernel.toString(), results.size(), panics(results), lines);
        Files.writeString(directory.resolve("walk-" + kernel.version() + ".json"), GSON.toJson(table) + "\n");
    }

    private static Line line(Operation operation, List<Walk.Result> results) {
        return new Line(
                operation.name(),
                results.get(0).point().last(),
                results.size(),
                happensAt(results),
                panics(results),
                results.stream().mapToInt(result -> result.verdict().repaired()).sum(),
                wrong(results));
    }

    private static List<Walk.Result> of(Operation operation, List<Walk.Result> results) {
        return results.stream()
                .filter(result -> result.point().operation() == operation)
                .toList();
    }

    private static int happensAt(List<Walk.Result> results) {
        return results.stream()
                .filter(result -> result.verdict().happened())
                .mapToInt(result -> result.point().steps())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static int panics(List<Walk.Result> results) {
        return Math.toIntExact(results.stream().filter(Walk.Result::panicked).count());
    }
}
