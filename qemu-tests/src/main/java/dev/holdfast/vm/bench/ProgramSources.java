// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The C of the programs that measure inside of VMs: one file each, and what they share. */
final class ProgramSources {
    private ProgramSources() {}

    static TextTree of(String program) throws IOException {
        return new TextTree(files(program));
    }

    /** With the module's interface, {@code holdfast.h}, as it is rendered for a kernel. */
    static TextTree of(String program, TextTree module) throws IOException {
        SortedMap<String, String> files = files(program);
        String header = module.files().get("uapi/holdfast.h");
        if (header == null) {
            throw new HarnessException("the module has no uapi/holdfast.h");
        }
        files.put("holdfast.h", header);
        return new TextTree(files);
    }

    private static SortedMap<String, String> files(String program) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        for (String name : List.of(program + ".c", "measure.c", "measure.h")) {
            try (InputStream in = ProgramSources.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new HarnessException("the resource " + name + " is missing from this build");
                }
                files.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
