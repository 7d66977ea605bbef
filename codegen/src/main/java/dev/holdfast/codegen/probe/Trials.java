// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answers of a compiler, which is run once, and only if a header's text leaves a question. */
final class Trials {
    private final Compiler compiler;
    private @Nullable Set<Trial> accepted;

    Trials(Compiler compiler) {
        this.compiler = compiler;
    }

    boolean compiles(Trial trial) throws IOException {
        if (accepted == null) {
            accepted = compiler.accepted();
        }
        return accepted.contains(trial);
    }
}
