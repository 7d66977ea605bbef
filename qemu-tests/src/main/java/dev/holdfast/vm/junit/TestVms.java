// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.OnFailure;
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

    private static final int SHOWN = 40;

    private final Path directory;
    private final OnFailure onFailure;
    private final List<VmBuilder> builders = new ArrayList<>();

    TestVms(Path directory, OnFailure onFailure) {
        this.directory = directory;
        this.onFailure = onFailure;
    }

    VmBuilder builder(VmHost host, String name) {
        String unique = builders.isEmpty() ? name : name + "-" + (builders.size() + 1);
        VmBuilder builder = host.vm(unique, directory.resolve(unique)).onFailure(onFailure);
        builders.add(builder);
        return builder;
    }

    /** Ends what still runs, writes down how the test ended, and fails it if a console told of trouble that no one noticed. */
    void end(ExtensionContext context) throws IOException {
        List<VmFailure> unnoticed = new ArrayList<>();
        for (VmBuilder builder : builders) {
            for (Vm vm : builder.started()) {
                if (context.getExecutionException().isPresent() || vm.isTroubled()) {
                    vm.autopsy();
                }
                try {
                    vm.end();
                } catch (VmFailure failure) {
                    unnoticed.add(failure);
                }
            }
        }
        Throwable thrown = context.getExecutionException().orElse(unnoticed.isEmpty() ? null : unnoticed.get(0));
        for (VmBuilder builder : builders) {
            writeDown(builder, context, thrown);
        }
        if (thrown == null) {
            return;
        }
        unnoticed.stream().filter(failure -> failure != thrown).forEach(thrown::addSuppressed);
        addEvidence(thrown);
        if (unnoticed.contains(thrown)) {
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

    /** Says beside a failure what the VMs have left, and what their consoles said last unless the failure tells that itself. */
    private void addEvidence(Throwable thrown) throws IOException {
        for (VmBuilder builder : builders) {
            List<Path> left = builder.leftBehind();
            if (left.isEmpty()) {
                continue;
            }
            thrown.addSuppressed(new LeftBehind(
                    builder.results(), left, thrown instanceof VmFailure ? List.of() : lastLines(builder)));
        }
    }

    private static List<String> lastLines(VmBuilder builder) throws IOException {
        Path log = builder.results().resolve("console.log");
        if (!Files.exists(log)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(log);
        return lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
    }

    private static String firstLine(Throwable thrown) {
        return thrown.toString().lines().findFirst().orElse("");
    }
}
