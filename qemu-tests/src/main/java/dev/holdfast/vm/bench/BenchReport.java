// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one run has measured.
 *
 * @param kernel release of the kernel
 * @param accelerator what the VM ran on
 * @param rounds how often each thing was measured
 * @param goals what is to be reached, and whether it was
 * @param figures all figures
 * @param missing what could not be measured, and why
 */
record BenchReport(
        String kernel, String accelerator, int rounds, List<Goal> goals, List<Figure> figures, List<String> missing) {

    BenchReport {
        goals = List.copyOf(goals);
        figures = List.copyOf(figures);
        missing = List.copyOf(missing);
    }

    /** Writes all of it as {@code NAME.json}, and the tables as {@code NAME.md}. */
    static void write(String name, List<BenchReport> reports, Path directory) throws IOException {
        Files.writeString(
                directory.resolve(name + ".json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(reports) + "\n");
        Files.writeString(
                directory.resolve(name + ".md"),
                reports.stream().map(BenchReport::markdown).collect(Collectors.joining("\n")));
    }

    /** Tables for readers. */
    String markdown() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "## %s%n%n%s; %d rounds%n%n| goal | measured | at most | |%n| --- | --- | --- | --- |%n",
                kernel,
                accelerator,
                rounds));
        goals.forEach(goal -> text.append(goal.markdown()));
        missing.forEach(what -> text.append(String.format("%nNot measured: %s%n", what)));
        figures.forEach(figure -> text.append(System.lineSeparator()).append(figure.markdown()));
        return text.toString();
    }
}
