// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;

/**
 * What statx(2) says of an open file; its struct is the same on all architectures.
 *
 * @param type the type, one of the constants here
 * @param size length, in bytes
 * @param mountRoot whether it is the root of a mount
 */
record FileStatus(int type, long size, boolean mountRoot) {
    static final int REGULAR = 0x8000;
    static final int DIRECTORY = 0x4000;

    private static final int TYPE_MASK = 0xf000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    private static final int STRUCT_SIZE = 256;
    private static final int ATTRIBUTES = 8;
    private static final int MODE = 28;
    private static final int SIZE = 40;

    static FileStatus of(int fd) throws ErrnoException {
        try (Memory status = new Memory(STRUCT_SIZE)) {
            if (LibC.statx(fd, "", LibC.AT_EMPTY_PATH, STATX_BASIC_STATS, status) < 0) {
                throw ErrnoException.last("statx");
            }
            return new FileStatus(
                    status.getShort(MODE) & TYPE_MASK,
                    status.getLong(SIZE),
                    (status.getLong(ATTRIBUTES) & STATX_ATTR_MOUNT_ROOT) != 0);
        }
    }
}
