// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Where things are in a region, in bytes from its start.
 *
 * @param slots slots of the record table
 * @param data where data can be: a part of each range, that of the first range first
 * @param sparse files may have holes, and leaves
 */
record Geometry(int slots, List<Area> data, boolean sparse) {
    /**
     * A part of a range.
     *
     * @param start where it starts
     * @param end where it ends
     */
    record Area(long start, long end) {
        private boolean holds(long at, long length) {
            return at >= start && at < end && length <= end - at;
        }
    }

    static Geometry of(SuperblockLayout superblock) {
        List<Area> data = new ArrayList<>(List.of(new Area(superblock.dataOffset(), superblock.size())));
        for (Ranges.Further range : Ranges.of(superblock).further()) {
            data.add(new Area(range.offset() + FormatConstants.RANGE_DATA_OFFSET, range.offset() + range.size()));
        }
        return new Geometry(
                superblock.recordSlots(), List.copyOf(data), (superblock.incompat() & IncompatFlags.SPARSE) != 0);
    }

    /** How much data there can be, in bytes. */
    long dataSize() {
        return data.stream().mapToLong(area -> area.end() - area.start()).sum();
    }

    /** Where a copy of a record is, 0 or 1. */
    long record(int copy, long number) {
        return FormatConstants.TABLE_OFFSET + (copy * (long) slots + number) * RecordLayout.SIZE;
    }

    /** Whether a run lies in the data area of one range, is aligned and not empty. */
    boolean fits(ExtentLayout extent) {
        long start = extent.regionOffset();
        long length = extent.length();
        return length > 0
                && (start | length) % FormatConstants.BLOCK_SIZE == 0
                && data.stream().anyMatch(area -> area.holds(start, length));
    }

    /**
     * Where a run ends in its file if it can follow what ends at {@code end}.
     *
     * @return the end, in bytes, or -1 if it cannot follow
     */
    long endAfter(long end, ExtentLayout extent) {
        long at = extent.fileOffset();
        long length = extent.length();
        boolean fits = fits(extent)
                && at % FormatConstants.BLOCK_SIZE == 0
                && at >= end
                && (sparse || at == end)
                && at <= FormatConstants.FILE_MAX
                && length <= FormatConstants.FILE_MAX - at;
        return fits ? at + length : -1;
    }
}
