// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.RegionImage;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RangeHeadLayout;
import dev.holdfast.abi.SuperblockLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The two copies of the head of a further range. */
final class RangeHeads {
    private final RegionImage image;
    private final Ranges.Further range;
    private final byte[][] copies = new byte[2][RangeHeadLayout.SIZE];
    private final @Nullable String[] why = new @Nullable String[2];
    private final boolean there;
    private final boolean ours;

    private RangeHeads(RegionImage image, SuperblockLayout superblock, Ranges.Further range) {
        this.image = image;
        this.range = range;
        this.there = image.holds(range.offset(), range.size());
        for (int copy = 0; there && copy < 2; copy++) {
            image.read(offset(copy), copies[copy]);
            why[copy] = judge(copies[copy]);
        }
        this.ours = isOf(superblock, range, new RangeHeadLayout(ByteBuffer.wrap(copies[1 - other()]), 0));
    }

    /** Reads both copies, if the range is there. */
    static RangeHeads read(RegionImage image, SuperblockLayout superblock, Ranges.Further range) {
        return new RangeHeads(image, superblock, range);
    }

    /** What is wrong with a copy; null if nothing is. */
    private static @Nullable String judge(byte[] bytes) {
        RangeHeadLayout head = new RangeHeadLayout(ByteBuffer.wrap(bytes), 0);
        if (head.magic() != FormatConstants.RANGE_MAGIC) {
            return "it has no magic number";
        }
        if (!Copies.intact(bytes, RangeHeadLayout.OFFSET_CHECKSUM)) {
            return "its checksum is wrong";
        }
        return null;
    }

    private static boolean isOf(SuperblockLayout superblock, Ranges.Further range, RangeHeadLayout head) {
        return Arrays.equals(head.uuid(), superblock.uuid())
                && head.base() == superblock.base()
                && head.physical() == range.physical()
                && head.size() == range.size();
    }

    private long offset(int copy) {
        return range.offset() + copy * FormatConstants.SUPERBLOCK_COPY_STRIDE;
    }

    /** Why nobody can say that this is the region's; null if a copy says so. */
    @Nullable
    String whyLost() {
        if (!there) {
            return "it is not in the image";
        }
        if (why[0] != null && why[1] != null) {
            return "the first copy of its head: " + why[0] + "; the second copy: " + why[1];
        }
        return ours ? null : "its head is that of another range";
    }

    /** What is wrong with one copy while the other serves; null if both are equal. */
    @Nullable
    String whyUneven() {
        if (Arrays.equals(copies[0], copies[1])) {
            return null;
        }
        String reason = why[other()];
        return Findings.copy(other()) + ": " + (reason == null ? "it is not what the other says" : reason);
    }

    private int other() {
        return why[0] == null ? 1 : 0;
    }

    /** Where the copy is that does not count, in bytes from the start of the region. */
    long offsetOfOther() {
        return offset(other());
    }

    /** Writes the copy that does not count again from the other. */
    void repair() {
        Copies.store(image, offset(other()), copies[1 - other()], RangeHeadLayout.OFFSET_CHECKSUM);
    }
}
