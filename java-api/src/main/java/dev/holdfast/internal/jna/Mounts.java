// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import java.nio.file.Path;

/** Mounting and unmounting of the {@code holdfast} file system type. */
public final class Mounts {
    private static final String TYPE = "holdfast";
    private static final String NO_SOURCE = "none";
    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_NOEXEC = 8;
    private static final int UMOUNT_NOFOLLOW = 8;

    private Mounts() {}

    /** Mounts a region; {@code options} are those of the module. */
    public static void mount(Path mountPoint, String options, boolean readOnly) throws ErrnoException {
        long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | (readOnly ? MS_RDONLY : 0);
        if (LibC.mount(NO_SOURCE, mountPoint.toString(), TYPE, flags, options) < 0) {
            throw ErrnoException.last("mount");
        }
    }

    /** Unmounts what is mounted there. */
    public static void unmount(Path mountPoint) throws ErrnoException {
        if (LibC.umount2(mountPoint.toString(), UMOUNT_NOFOLLOW) < 0) {
            throw ErrnoException.last("umount2");
        }
    }
}
