// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;

/** The configuration of a kernel. */
final class Config {
    private static final String FILE = ".config";

    private final KernelTree tree;
    private final List<String> lines;

    Config(KernelTree tree) throws IOException {
        this.tree = tree;
        this.lines = tree.lines(FILE);
    }

    boolean isSet(String option) {
        return lines.contains(option + "=y");
    }

    Place place(String option) {
        return new Place(FILE, 1 + lines.indexOf(option + "=y"));
    }

    void need(String option) {
        if (!isSet(option)) {
            throw new UnsupportedKernelException(tree.root() + " lacks " + option + "=y in " + FILE);
        }
    }
}
