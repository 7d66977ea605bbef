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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rooms of the module that know the format, rendered into a folder beside the programs that test them in user space.
 *
 * @param sources where they are
 */
record FormatRooms(Path sources) {

    /** What is compiled together with each program. */
    private static final List<String> ROOMS =
            List.of("copies.c", "superblock.c", "ranges.c", "retired.c", "records.c", "leaves.c");

    static FormatRooms in(Path folder) throws Exception {
        TextTree templates = Renderer.packedTemplates();
        TextTree module = new Renderer(templates)
                .render(
                        SchemaParser.packed(),
                        Probe.of(SyntheticKernel.in(folder.resolve("kernel")).root()),
                        Tool.current());
        Path sources = Files.createDirectory(folder.resolve("rooms"));
        write(sources, "", module.files());
        write(sources, "user/", templates.files());
        return new FormatRooms(sources);
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

    /** Puts a defect into a room. */
    void spoil(String room, String right, String wrong) throws IOException {
        Path file = sources.resolve(room);
        String text = Files.readString(file);
        assertThat(text).containsOnlyOnce(right);
        Files.writeString(file, text.replace(right, wrong));
    }

    /** Compiles the rooms and {@code files} into {@code program}, with sanitizers. */
    void compile(String program, List<String> compiler, String... files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(compiler);
        command.addAll(List.of("-g", "-Wall", "-Wextra", "-Werror", "-fno-sanitize-recover=undefined", "-o", program));
        command.addAll(List.of(files));
        command.addAll(ROOMS);
        run(command);
    }

    /** Runs a command that must succeed, and returns what it said. */
    String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(sources.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }
}
