// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;

/**
 * Where things are in a region, in bytes from its start.
 *
 * @param slots slots of the record table
 * @param dataStart where the data area starts
 * @param dataEnd where it ends, and the region with it
 * @param sparse files may have holes, and leaves
 */
record Geometry(int slots, long dataStart, long dataEnd, boolean sparse) {
    static Geometry of(SuperblockLayout superblock) {
        return new Geometry(
                superblock.recordSlots(),
                superblock.dataOffset(),
                superblock.size(),
                (superblock.incompat() & IncompatFlags.SPARSE) != 0);
    }

    /** Where a copy of a record is, 0 or 1. */
    long record(int copy, long number) {
        return FormatConstants.TABLE_OFFSET + (copy * (long) slots + number) * RecordLayout.SIZE;
    }

    /** Whether a run lies in the data area, is aligned and not empty. */
    boolean fits(ExtentLayout extent) {
        long start = extent.regionOffset();
        long length = extent.length();
        return length > 0
                && (start | length) % FormatConstants.BLOCK_SIZE == 0
                && start >= dataStart
                && start < dataEnd
                && length <= dataEnd - start;
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
