// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.nio.file.Path;

/** Regions for tests in other packages. They keep files and cannot describe themselves. */
public final class DirectoryRegion {
    private DirectoryRegion() {}

    /** A directory that is taken for a region. */
    public static Region on(Path directory) {
        return Region.onDirectory(directory);
    }
}
