// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The header tree of a kernel package that was unpacked somewhere else than {@code /}.
 *
 * @param directory the tree of the flavour
 */
record HeaderTree(Path directory) {

    private static final Pattern ABSOLUTE_INCLUDE = Pattern.compile("^include /usr/src/(\\S+)$", Pattern.MULTILINE);
    private static final Pattern ABSOLUTE_OUTPUT = Pattern.compile("^KBUILD_OUTPUT=/usr/src/\\S+$", Pattern.MULTILINE);

    /** Lets the tree's Makefile take itself and its common half from where they are, not from {@code /usr/src}. */
    void relocate() throws IOException {
        Path makefile = directory.resolve("Makefile");
        Files.writeString(makefile, relocate(Files.readString(makefile)));
    }

    static String relocate(String makefile) {
        String included = ABSOLUTE_INCLUDE.matcher(makefile).replaceAll("include ../$1");
        return ABSOLUTE_OUTPUT.matcher(included).replaceAll("KBUILD_OUTPUT=\\$(CURDIR)");
    }
}
