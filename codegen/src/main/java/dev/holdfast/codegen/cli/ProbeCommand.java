// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import com.google.gson.GsonBuilder;
import dev.holdfast.codegen.probe.Fact;
import dev.holdfast.codegen.probe.Kernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a kernel tree declares. */
@Command(
        name = "probe",
        description = "Reports what a kernel build tree declares, with the place that each answer rests on.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ProbeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final KernelOption kernelOption = new KernelOption();

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Kernel kernel = kernelOption.probe();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(kernel, out);
        } else {
            printTable(kernel, out);
        }
        return 0;
    }

    private static void printTable(Kernel kernel, PrintWriter out) {
        out.println("kernel " + kernel.release());
        int nameWidth = kernel.facts().stream()
                .mapToInt(fact -> fact.name().length())
                .max()
                .orElse(1);
        int valueWidth = kernel.facts().stream()
                .mapToInt(fact -> fact.value().length())
                .max()
                .orElse(1);
        String row = "%-" + nameWidth + "s  %-" + valueWidth + "s  %-8s  %s";
        kernel.facts()
                .forEach(fact -> out.println(
                        row.formatted(fact.name(), fact.value(), fact.evidence().word(), fact.place())));
    }

    private static void printJson(Kernel kernel, PrintWriter out) {
        record Answer(String value, String how, String place) {}
        record Report(String release, Map<String, Answer> facts) {}
        Map<String, Answer> answers = new LinkedHashMap<>();
        for (Fact fact : kernel.facts()) {
            answers.put(
                    fact.name(),
                    new Answer(
                            fact.value(), fact.evidence().word(), fact.place().toString()));
        }
        out.println(new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(new Report(kernel.release(), answers)));
    }
}
