// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.SyntheticKernel;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rooms of the module that know the format, compiled in user space with sanitizers. */
class FormatRoomsTest {
    @Test
    void theRoomsThatKnowTheFormatPassTheirTestInUserSpace(@TempDir Path folder) throws Exception {
        TextTree templates = Renderer.packedTemplates();
        TextTree module = new Renderer(templates)
                .render(
                        SchemaParser.packed(),
                        Probe.of(SyntheticKernel.in(folder.resolve("kernel")).root()),
                        Tool.current());
        Path sources = Files.createDirectory(folder.resolve("rooms"));
        write(sources, "", module.files());
        write(sources, "user/", templates.files());

        run(
                sources,
                ("gcc -g -O1 -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=undefined"
                                + " -o test format_test.c copies.c superblock.c records.c leaves.c")
                        .split(" "));
        String said = run(sources, "./test");

        assertThat(said).matches("format rooms: [1-9][0-9]{4,} checks passed\n");
    }

    /** Writes the files that lie directly below a prefix. */
    private static void write(Path folder, String prefix, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            String name = file.getKey();
            if (name.startsWith(prefix) && !name.substring(prefix.length()).contains("/")) {
                Files.writeString(folder.resolve(name.substring(prefix.length())), file.getValue());
            }
        }
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
