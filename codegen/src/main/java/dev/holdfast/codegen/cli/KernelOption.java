// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import java.nio.file.Path;
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

    Path tree() {
        return tree;
    }
}
