// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Tells beside the failure of a test what its VM has left behind. */
final class LeftBehind extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    LeftBehind(Path directory, List<Path> files, List<String> lastLines) {
        super(
                "in " + directory + ": " + names(files) + (lastLines.isEmpty() ? "" : "; the console ended with")
                        + lastLines.stream().map(line -> "\n    " + line).collect(Collectors.joining()),
                null,
                false,
                false);
    }

    private static String names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    }
}
