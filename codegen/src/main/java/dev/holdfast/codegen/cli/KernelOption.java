// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.probe.Kernel;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.ProbeCache;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which kernel to look at. */
final class KernelOption {
    @Option(
            names = "--kernel",
            required = true,
            paramLabel = "DIR",
            description = "Kernel build tree, such as /lib/modules/RELEASE/build.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path tree;

    @Option(
            names = "--cc",
            paramLabel = "COMMAND",
            defaultValue = "${env:CC}",
            description = "Compiler to ask what headers alone cannot say. Default: $CC, else the one that built the"
                    + " kernel, else gcc.")
    private @Nullable String compiler;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            defaultValue = "${env:XDG_CACHE_HOME:-${sys:user.home}/.cache}/holdfast/probe",
            description = "Folder that remembers what was found in a tree, until a file of the tree changes. Default:"
                    + " ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path cache;

    @Option(names = "--no-cache", description = "Ask the tree anew, and remember nothing.")
    private boolean noCache;

    /** What the tree declares. */
    Kernel probe() throws IOException {
        return noCache ? Probe.of(tree, compiler) : new ProbeCache(cache).probe(tree, compiler);
    }
}
