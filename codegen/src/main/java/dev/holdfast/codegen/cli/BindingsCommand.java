// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.bindings.Bindings;
import dev.holdfast.codegen.files.Content;
import dev.holdfast.codegen.schema.Schema;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the Java types. */
@Command(
        name = "bindings",
        description = "Writes the Java types of package " + Bindings.PACKAGE + ".",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class BindingsCommand implements Callable<Integer> {
    @Mixin
    private final SchemaOption schemaOption = new SchemaOption();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        Tool tool = Tool.current();
        Schema schema = schemaOption.read();
        output.write(Content.of(Bindings.of(schema, tool)), tool, schema, Map.of());
        return 0;
    }
}
