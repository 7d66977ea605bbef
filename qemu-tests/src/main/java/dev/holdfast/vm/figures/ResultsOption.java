// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import com.google.gson.GsonBuilder;
import dev.holdfast.vm.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where figures go. */
final class ResultsOption {

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description =
                    "Where figures.json and the traces of VMs go; build/figures/COMMAND in the repository if not said.")
    private @Nullable Path directory;

    /** The directory for a command's figures. It is made. */
    Path of(String command) throws IOException {
        return Files.createDirectories(
                directory != null
                        ? directory.toAbsolutePath()
                        : Workspace.find().root().resolve("build/figures").resolve(command));
    }

    /** Writes {@code figures.json}. */
    static void write(Path directory, Object figures) throws IOException {
        Files.writeString(
                directory.resolve("figures.json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(figures) + "\n");
    }
}
