// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What README.md says about errors must be what the schema says. */
final class ReadmeTest {
    @Test
    void tellsEveryErrorAsTheSchemaDoes() throws IOException {
        String rows = SchemaParser.packed().units().stream()
                .flatMap(unit -> unit.errors().stream())
                .map(error -> "| `%s` | %s | %s |\n".formatted(error.errno(), error.doc(), error.hint()))
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("../README.md"))).contains(rows);
    }
}
