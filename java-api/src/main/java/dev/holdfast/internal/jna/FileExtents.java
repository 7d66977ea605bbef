// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;

/** FS_IOC_FIEMAP: where the content of a file lies. The structs are those of linux/fiemap.h. */
public final class FileExtents {
    private static final long FS_IOC_FIEMAP = 0xC020660BL;

    private static final int START = 0;
    private static final int LENGTH = 8;
    private static final int MAPPED_EXTENTS = 20;
    private static final int EXTENT_COUNT = 24;
    private static final int HEADER_SIZE = 32;

    private static final int LOGICAL = 0;
    private static final int PHYSICAL = 8;
    private static final int EXTENT_LENGTH = 16;
    private static final int FLAGS = 40;
    private static final int EXTENT_SIZE = 56;
    private static final int FLAG_LAST = 1;

    /** As many as one record of the region format can hold; a longer list takes another call. */
    private static final int BATCH = 66;

    private FileExtents() {}

    /** Takes one extent; all values in bytes. */
    public interface Visitor {
        /** Called once for each extent. */
        void extent(long fileOffset, long physicalAddress, long length);
    }

    /** Shows all extents of a file, in the order of the file. */
    public static void visit(OpenFile file, Visitor visitor) throws ErrnoException {
        try (Memory map = new Memory(HEADER_SIZE + (long) BATCH * EXTENT_SIZE)) {
            long start = 0;
            boolean last = false;
            while (!last) {
                map.clear();
                map.setLong(START, start);
                map.setLong(LENGTH, -1L - start);
                map.setInt(EXTENT_COUNT, BATCH);
                file.ioctl("ioctl(FS_IOC_FIEMAP)", FS_IOC_FIEMAP, map);
                int count = map.getInt(MAPPED_EXTENTS);
                last = count == 0;
                for (int index = 0; index < count; index++) {
                    long at = HEADER_SIZE + (long) index * EXTENT_SIZE;
                    long length = map.getLong(at + EXTENT_LENGTH);
                    start = map.getLong(at + LOGICAL) + length;
                    visitor.extent(start - length, map.getLong(at + PHYSICAL), length);
                    last = (map.getInt(at + FLAGS) & FLAG_LAST) != 0;
                }
            }
        }
    }
}
