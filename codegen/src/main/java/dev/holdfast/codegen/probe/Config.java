// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.util.List;

/** The configuration of a kernel. */
final class Config {
    static final String FILE = ".config";

    private static final String COMPILER = "CONFIG_CC_VERSION_TEXT=\"";

    private final String release;
    private final List<String> lines;

    Config(KernelTree tree) throws IOException {
        this.release = tree.release();
        this.lines = tree.lines(FILE);
    }

    boolean isSet(String option) {
        return lines.contains(option + "=y");
    }

    /** The line that sets the option, or says that it is not set; the file if none does. */
    Place place(String option) {
        int line = lines.indexOf(option + "=y");
        return new Place(FILE, 1 + (line >= 0 ? line : lines.indexOf("# " + option + " is not set")));
    }

    /** The command that compiled the kernel, as far as its configuration tells. */
    String compiler() {
        return lines.stream()
                .filter(line -> line.startsWith(COMPILER))
                .map(line -> line.substring(COMPILER.length()).split("[ \"]", 2)[0])
                .findFirst()
                .orElse("gcc");
    }

    void need(String option) {
        if (!isSet(option)) {
            throw new UnsupportedKernelException(release, option + " is not y", place(option));
        }
    }
}
