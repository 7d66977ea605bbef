// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.jna.OpenFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A short text that the kernel offers in /proc or /sys. */
record KernelFile(Path path) {
    private static final int MOST_BYTES = 1 << 20;

    static KernelFile of(String path) {
        return new KernelFile(Path.of(path));
    }

    /** The text, without the white space around it. */
    String read() {
        return new Attempt("read", path.toString(), ErrorTable.KERNEL_FILE).get(() -> {
            try (OpenFile file = OpenFile.open(path, OpenFile.Access.READ)) {
                byte[] bytes = new byte[MOST_BYTES];
                return new String(bytes, 0, file.read(bytes), StandardCharsets.UTF_8).strip();
            }
        });
    }
}
