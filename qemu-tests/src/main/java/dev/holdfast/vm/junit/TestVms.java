// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmFailure;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.VmRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The VMs of one test method. */
final class TestVms {

    private final Path directory;
    private final List<VmBuilder> builders = new ArrayList<>();

    TestVms(Path directory) {
        this.directory = directory;
    }

    VmBuilder builder(VmHost host, String name) {
        String unique = builders.isEmpty() ? name : name + "-" + (builders.size() + 1);
        VmBuilder builder = host.vm(unique, directory.resolve(unique));
        builders.add(builder);
        return builder;
    }

    /** Ends what still runs, writes down how the test ended, and fails it if a console told of trouble that no one noticed. */
    void end(ExtensionContext context) throws IOException {
        List<VmFailure> unnoticed = new ArrayList<>();
        for (VmBuilder builder : builders) {
            for (Vm vm : builder.started()) {
                try {
                    vm.close();
                } catch (VmFailure failure) {
                    unnoticed.add(failure);
                }
            }
        }
        Throwable thrown = context.getExecutionException().orElse(unnoticed.isEmpty() ? null : unnoticed.get(0));
        for (VmBuilder builder : builders) {
            writeDown(builder, context, thrown);
        }
        if (thrown != null && !unnoticed.contains(thrown)) {
            unnoticed.forEach(thrown::addSuppressed);
            addEvidence(thrown);
        } else if (!unnoticed.isEmpty()) {
            throw unnoticed.get(0);
        }
    }

    private static void writeDown(VmBuilder builder, ExtensionContext context, @Nullable Throwable thrown)
            throws IOException {
        if (!Files.isDirectory(builder.results())) {
            return;
        }
        String outcome = thrown == null ? "passed" : "failed: " + firstLine(thrown);
        VmRecord record = builder.record().ended(outcome);
        record.write(builder.results());
        context.publishReportEntry(Map.of(
                "vm", record.name(),
                "accelerator", record.accelerator(),
                "boots", Integer.toString(record.boots().size()),
                "bootRetries", Integer.toString(record.bootRetries()),
                "console", builder.results().resolve("console.log").toString()));
        builder.cleanUp(thrown != null);
    }

    /** A failed assertion gets what the consoles said; a VmFailure has it already. */
    private void addEvidence(Throwable thrown) throws IOException {
        if (thrown instanceof VmFailure) {
            return;
        }
        for (VmBuilder builder : builders) {
            Path log = builder.results().resolve("console.log");
            if (Files.exists(log)) {
                List<String> lines = Files.readAllLines(log);
                thrown.addSuppressed(new ConsoleEvidence(new VmFailure.Evidence(
                        log, lines.subList(Math.max(0, lines.size() - 40), lines.size()))));
            }
        }
    }

    private static String firstLine(Throwable thrown) {
        return thrown.toString().lines().findFirst().orElse("");
    }
}
