// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.Content;
import dev.holdfast.codegen.files.FolderDifference;
import dev.holdfast.codegen.files.OutputFolder;
import dev.holdfast.codegen.schema.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where to write. */
final class OutputOptions {
    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write; made if it does not exist.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(
            names = "--force",
            description = "Overwrite and remove files in the folder even if they were edited or are not from here.")
    private boolean force;

    Path folder() {
        return folder;
    }

    /** Writes the files; returns how many files changed. */
    int write(Content content, Tool tool, Schema schema, Map<String, String> more) throws IOException {
        return new OutputFolder(folder, force).write(content, about(tool, schema, more));
    }

    /** How the folder differs from what {@link #write} would leave in it. */
    FolderDifference compare(Content content, Tool tool, Schema schema, Map<String, String> more) throws IOException {
        return new OutputFolder(folder, force).compare(content, about(tool, schema, more));
    }

    private static Map<String, String> about(Tool tool, Schema schema, Map<String, String> more) {
        Map<String, String> about = new TreeMap<>(more);
        about.put("tool", tool.name() + " " + tool.version());
        about.put("schemaSha256", schema.sha256());
        return about;
    }
}
