// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in C for VMs, which have no libraries of the machine that it is compiled on: it carries its own. */
public final class Program {

    private static final String KIND = "program";
    private static final int KEEP = 12;
    private static final List<String> COMPILER =
            List.of("gcc", "-std=gnu11", "-O1", "-static", "-Wall", "-Wextra", "-Werror", "-Wno-unused-result");

    private Program() {}

    /** Makes it, or takes it from the cache. Every {@code .c} file of the sources is compiled. */
    public static Path of(Cache cache, String name, TextTree sources) {
        ContentHash hash = new ContentHash("program 1").add(name).add(String.join(" ", COMPILER));
        Command.of("gcc", "--version").run().forEach(hash::add);
        sources.files().forEach((file, text) -> hash.add(file).add(text));
        Path entry = cache.entry(KIND, hash.name(), directory -> {
            List<String> command = new ArrayList<>(COMPILER);
            command.addAll(List.of("-o", name));
            for (var source : sources.files().entrySet()) {
                Files.writeString(directory.resolve(source.getKey()), source.getValue());
                if (source.getKey().endsWith(".c")) {
                    command.add(source.getKey());
                }
            }
            Command.of(command).in(directory).run();
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(name);
    }
}
