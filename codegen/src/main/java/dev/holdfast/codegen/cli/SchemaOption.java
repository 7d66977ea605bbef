// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.schema.Schema;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which schema to render from. */
final class SchemaOption {
    @Option(
            names = "--schema",
            paramLabel = "DIR",
            description = "Folder with the *.yaml files of the schema. Default: the schema of this release.")
    private @Nullable Path folder;

    Schema read() throws IOException {
        return folder == null ? SchemaParser.packed() : read(folder);
    }

    static Schema read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CodegenException(folder + ": no such folder; --schema wants the folder of the *.yaml files");
        }
        return SchemaParser.read(folder);
    }
}
