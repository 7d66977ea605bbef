// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars that this program runs from. */
final class OwnJars {
    private OwnJars() {}

    /**
     * The class path.
     *
     * @throws CodegenException if something in it is no jar: only jars can be copied to run elsewhere
     */
    static List<Path> all() {
        List<Path> paths = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        for (Path path : paths) {
            if (!Files.isRegularFile(path)) {
                throw new CodegenException(
                        path + " is no jar: the layout dkms carries the jars of this program; run it from its jars");
            }
        }
        return paths;
    }
}
