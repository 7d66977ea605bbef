// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be in a folder.
 *
 * @param files bytes by path relative to the folder
 * @param home where in the folder nothing else is expected; empty for all of it
 */
public record Content(SortedMap<String, byte[]> files, String home) {
    public Content {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Text, in UTF-8. */
    public static Content of(TextTree tree) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        tree.files().forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return new Content(files, "");
    }

    /** The same in a folder that others write into, except for the folder {@code home} in it. */
    public Content in(String home) {
        return new Content(files, home);
    }

    /** The same, with copies of other files in a folder of it. */
    public Content withCopies(String folder, List<Path> originals) throws IOException {
        SortedMap<String, byte[]> more = new TreeMap<>(files);
        for (Path original : originals) {
            more.put(folder + "/" + original.getFileName(), Files.readAllBytes(original));
        }
        return new Content(more, home);
    }
}
