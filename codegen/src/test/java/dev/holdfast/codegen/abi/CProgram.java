// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A C program that prints numbers, as the compiler computes them. */
final class CProgram {
    private final StringBuilder text = new StringBuilder();

    CProgram(String... headers) {
        text.append("#include <stddef.h>\n#include <stdio.h>\n");
        for (String header : headers) {
            text.append("#include \"").append(header).append("\"\n");
        }
        text.append("int main(void)\n{\n");
    }

    /** Has the number that {@code expression} stands for printed. */
    void print(String key, String expression) {
        text.append("\tprintf(\"" + key + "=%llx\\n\", (unsigned long long)(" + expression + "));\n");
    }

    /** Compiles and runs the program in {@code folder}; the numbers by their keys. */
    Map<String, Long> run(Path folder, Path... includes) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("print.c"), text + "\treturn 0;\n}\n");
        Path program = folder.resolve("print");
        List<String> compile = new ArrayList<>(List.of("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror"));
        for (Path include : includes) {
            compile.add("-I" + include);
        }
        compile.addAll(List.of("-o", program.toString(), source.toString()));
        assertThat(output(compile)).isEmpty();
        Map<String, Long> numbers = new LinkedHashMap<>();
        output(List.of(program.toString())).lines().forEach(line -> {
            int equals = line.lastIndexOf('=');
            numbers.put(line.substring(0, equals), Long.parseUnsignedLong(line.substring(equals + 1), 16));
        });
        return numbers;
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
