// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.nio.file.Path;

/** Makes a read-only file system image. Not compressed: under emulation, unpacking costs more than reading. */
final class Squashfs {

    private Squashfs() {}

    static void make(Path directory, Path image) {
        if (!Command.exists("mksquashfs")) {
            throw new HarnessException("mksquashfs not found: apt-get install squashfs-tools");
        }
        Command.of(
                        "mksquashfs",
                        directory.toString(),
                        image.toString(),
                        "-noI",
                        "-noD",
                        "-noF",
                        "-noX",
                        "-no-xattrs",
                        "-all-root",
                        "-no-progress",
                        "-quiet")
                .run();
    }
}
