// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.files.TextTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells whether a file is still the one that was read, without reading it. The time of the last change of the inode is
 * what cannot be set back: a file that got other content has another stamp, even with the same size and date.
 */
final class Stamp {
    private static final String ABSENT = "absent";

    private Stamp() {}

    /** The stamp of a file or a folder, or that it is not there; a word. */
    static String of(Path path) throws IOException {
        try {
            Map<String, Object> is = Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,ino");
            return "%s,%s,%s,%s".formatted(is.get("size"), is.get("lastModifiedTime"), is.get("ctime"), is.get("ino"));
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }

    /** The stamp of this program: another version may answer otherwise. */
    static String ofProgram() throws IOException {
        Path home = TextTree.home();
        if (!Files.isDirectory(home)) {
            return of(home);
        }
        StringBuilder stamps = new StringBuilder();
        try (Stream<Path> classes = Files.list(home.resolve("dev/holdfast/codegen/probe"))) {
            for (Path file : classes.sorted().toList()) {
                stamps.append(of(file)).append(';');
            }
        }
        return stamps.toString();
    }
}
