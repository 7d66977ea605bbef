// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a read-only file system image. Not compressed: under emulation, unpacking costs more than reading. */
final class Squashfs {

    private Squashfs() {}

    /** An image of what is in a directory. */
    static void make(Path directory, Path image) {
        make(List.of(directory), image, List.of());
    }

    /** An image that has each of these directories by its name. */
    static void makeOfDirectories(List<Path> directories, Path image) {
        make(directories, image, List.of("-keep-as-directory"));
    }

    private static void make(List<Path> sources, Path image, List<String> more) {
        if (!Command.exists("mksquashfs")) {
            throw new HarnessException("mksquashfs not found: apt-get install squashfs-tools");
        }
        List<String> words = new ArrayList<>(List.of("mksquashfs"));
        sources.forEach(source -> words.add(source.toString()));
        words.add(image.toString());
        words.addAll(List.of("-noI", "-noD", "-noF", "-noX", "-no-xattrs", "-all-root", "-no-progress", "-quiet"));
        words.addAll(more);
        Command.of(words).run();
    }
}
