// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.lock.AbiLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds the schema to what has been released of it. */
@Command(
        name = "abi",
        description = "Checks that nothing of the schema has changed that is in its " + AbiLock.FILE + ".",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AbiCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--schema",
            paramLabel = "DIR",
            defaultValue = "abi",
            description = "Folder with the *.yaml files of the schema and the lock. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Option(names = "--update", description = "Release what is new in the schema: add it to the lock.")
    private boolean update;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        AbiLock schema = AbiLock.of(SchemaOption.read(folder));
        Path file = folder.resolve(AbiLock.FILE);
        AbiLock released = lock(file);
        List<String> broken = released.brokenBy(schema);
        if (!broken.isEmpty()) {
            throw new CodegenException("%s: %s%s; what is released never changes: give what is new a name of its own"
                    .formatted(
                            file, broken.get(0), broken.size() == 1 ? "" : ", and " + (broken.size() - 1) + " more"));
        }
        List<String> added = released.addedBy(schema);
        if (update) {
            Files.writeString(file, schema.text());
            out.printf("%s: %d lines, %d of them new%n", file, schema.lines().size(), added.size());
        } else if (!added.isEmpty()) {
            out.printf("%s: not released yet: %s%n", file, String.join(", ", added));
        }
        return 0;
    }

    /** The lock in the file. Without a file nothing is released, which only an update may find. */
    private AbiLock lock(Path file) throws IOException {
        boolean first = update && !Files.exists(file);
        return first ? new AbiLock(Map.of()) : AbiLock.parse(file.toString(), Files.readString(file));
    }
}
