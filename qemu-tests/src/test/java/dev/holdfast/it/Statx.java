// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;

/**
 * All that statx(2) tells of a file, times to the nanosecond and the time of birth included, which Java 17 does not tell.
 * Offsets: {@code struct statx} of linux/stat.h.
 *
 * @param mode type and permissions
 * @param uid owner
 * @param gid group
 * @param links number of links
 * @param inode number of the inode
 * @param size in bytes
 * @param blocks of 512 bytes
 * @param accessed seconds and nanoseconds since the epoch
 * @param born the same
 * @param changed the same, of the attributes
 * @param modified the same, of the content
 */
record Statx(
        int mode,
        int uid,
        int gid,
        int links,
        long inode,
        long size,
        long blocks,
        String accessed,
        String born,
        String changed,
        String modified) {

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int BASIC_AND_BIRTH = 0xfff;
    private static final int STRUCT_SIZE = 256;

    static Statx of(Path path) throws IOException {
        try (Memory buffer = new Memory(STRUCT_SIZE)) {
            int failed = Function.getFunction("c", "statx", 0, "UTF-8")
                    .invokeInt(new Object[] {AT_FDCWD, path.toString(), AT_SYMLINK_NOFOLLOW, BASIC_AND_BIRTH, buffer});
            if (failed != 0) {
                throw new IOException("statx " + path + ": errno " + Native.getLastError());
            }
            if ((buffer.getInt(0) & BASIC_AND_BIRTH) != BASIC_AND_BIRTH) {
                throw new IOException("statx " + path + " tells only 0x" + Integer.toHexString(buffer.getInt(0)));
            }
            return new Statx(
                    buffer.getShort(28) & 0xffff,
                    buffer.getInt(20),
                    buffer.getInt(24),
                    buffer.getInt(16),
                    buffer.getLong(32),
                    buffer.getLong(40),
                    buffer.getLong(48),
                    time(buffer, 64),
                    time(buffer, 80),
                    time(buffer, 96),
                    time(buffer, 112));
        }
    }

    private static String time(Memory buffer, int offset) {
        return buffer.getLong(offset) + "." + buffer.getInt(offset + 8);
    }
}
