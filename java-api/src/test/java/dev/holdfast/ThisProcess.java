// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says about the process of the tests. */
final class ThisProcess {
    private static final Path SELF = Path.of("/proc/self");
    private static final int CAP_SYS_ADMIN = 21;

    private ThisProcess() {}

    /** The files that are open below a directory. */
    static List<Path> openFilesBelow(Path directory) throws IOException {
        try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"))) {
            return descriptors
                    .filter(Files::isSymbolicLink)
                    .map(ThisProcess::target)
                    .filter(file -> file.startsWith(directory))
                    .toList();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            // Closed since it was listed.
            return Path.of("/");
        }
    }

    /** The mappings whose line contains a text. */
    static List<String> mappingsWith(String text) throws IOException {
        try (Stream<String> lines = Files.lines(SELF.resolve("maps"))) {
            return lines.filter(line -> line.contains(text)).toList();
        }
    }

    /** Whether the process may mount. */
    static boolean mayMount() throws IOException {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            String effective = lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).strip())
                    .findFirst()
                    .orElseThrow();
            return (Long.parseUnsignedLong(effective, 16) & 1L << CAP_SYS_ADMIN) != 0;
        }
    }
}
