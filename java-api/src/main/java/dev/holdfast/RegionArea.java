// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.ControlConstants;

/**
 * A part of a region that is one thing, in memory that is contiguous.
 *
 * @param kind what it is
 * @param record number of the record that owns it, {@link #NOBODY} for none
 * @param owner path of the file that owns it, from the root of the region; {@code record N} if the file has no name; empty for none
 * @param fileOffset where it stands in the file, in bytes; zero if it is no content
 * @param regionOffset where it starts in the region, in bytes
 * @param physicalAddress where it starts in physical memory, in bytes
 * @param length its length, in bytes
 */
public record RegionArea(
        Kind kind, long record, String owner, long fileOffset, long regionOffset, long physicalAddress, long length) {

    /** The record of what nobody owns. */
    public static final long NOBODY = ControlConstants.LAYOUT_NOBODY;

    /** What an area can be. */
    public enum Kind {
        /** A copy of the superblock. */
        SUPERBLOCK,
        /** A copy of the record table. */
        TABLE,
        /** Content of a file. */
        CONTENT,
        /** A list of extents of a file, or one in reserve. */
        LEAF,
        /** Free memory. */
        FREE,
        /** Pages that no file gets any more. One with an owner was hit by a memory error: what the file had there is lost. */
        RETIRED,
        /**
         * Neither free nor in a file: of a file that is growing, of one that was removed while it was open, or kept aside because it
         * looks like the memory of a damaged record.
         */
        HELD,
        /** Between the superblocks, the tables and the data, where nothing is. */
        PADDING,
        /** A copy of the head of a range that is not the first. */
        RANGE_HEAD
    }

    /** Where it ends in the region, in bytes. */
    public long regionEnd() {
        return regionOffset + length;
    }

    /** Where it ends in physical memory, in bytes. */
    public long physicalEnd() {
        return physicalAddress + length;
    }

    /** Whether the region needs it for itself. */
    boolean isMetadata() {
        return kind == Kind.SUPERBLOCK
                || kind == Kind.TABLE
                || kind == Kind.RANGE_HEAD
                || kind == Kind.PADDING
                || kind == Kind.LEAF && record == NOBODY;
    }

    /** Whether it belongs to a file. */
    boolean isOwned() {
        return record != NOBODY;
    }
}
