// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Words for us on the command line of the kernel that runs. */
public final class KernelWords {

    private KernelWords() {}

    /** What stands behind a word such as {@code holdfast.nonce=}. */
    public static Optional<String> value(String name) throws IOException {
        for (String word : Files.readString(Path.of("/proc/cmdline")).strip().split(" ", -1)) {
            if (word.startsWith(name)) {
                return Optional.of(word.substring(name.length()));
            }
        }
        return Optional.empty();
    }
}
