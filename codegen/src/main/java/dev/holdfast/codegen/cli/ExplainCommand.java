// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.LineMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says which templates a compiler complains about. */
@Command(
        name = "explain",
        description =
                "Copies standard input, the output of a build, and adds to each line that names a line of a rendered file"
                        + " the template and line that it came from: make -C DIR 2>&1 | holdfast-codegen explain DIR",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder that render wrote.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(folder.resolve(LineMap.FILE))) {
            throw new CodegenException(
                    folder + " has no " + LineMap.FILE + "; explain wants a folder that render wrote");
        }
        LineMap map = LineMap.in(TextTree.ofFolder(folder, 1, LineMap.FILE));
        Path absolute = folder.toRealPath();
        PrintWriter out = spec.commandLine().getOut();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(map.explain(absolute, line));
        }
        return 0;
    }
}
