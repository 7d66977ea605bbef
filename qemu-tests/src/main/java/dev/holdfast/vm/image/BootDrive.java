// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import java.nio.file.Path;
import java.util.List;

/** The kernels that a VM can jump into, or that its guests run: a read-only drive with a directory for each, with vmlinuz and initrd. */
public final class BootDrive {

    private static final String KIND = "drive";
    private static final int KEEP = 24;

    private BootDrive() {}

    /** Makes it, or takes it from the cache. */
    public static Path of(Cache cache, List<Path> directories) {
        ContentHash hash = new ContentHash("drive 1");
        directories.forEach(directory -> hash.add(directory.toString()));
        Path entry = cache.entry(
                KIND,
                hash.name(),
                directory -> Squashfs.makeOfDirectories(directories, directory.resolve("boot.squashfs")));
        cache.prune(KIND, KEEP);
        return entry.resolve("boot.squashfs");
    }
}
