// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.RegionImage;
import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.ExtentLeafLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Leaves, and through them all memory of a file. */
final class Leaves {
    private final RegionImage image;
    private final Geometry geometry;

    Leaves(RegionImage image, Geometry geometry) {
        this.image = image;
        this.geometry = geometry;
    }

    /** Sees all memory of a file. */
    interface Visitor {
        /**
         * A leaf, before what it lists.
         *
         * @param entry which of the record's entries it is
         */
        void leaf(int entry, ExtentLayout run);

        /**
         * A run of the file.
         *
         * @param entry which of the record's entries it is, or is under
         */
        void extent(int entry, ExtentLayout run);
    }

    /**
     * Visits all memory of a file, in its order.
     *
     * @return the record's entry that names a leaf which cannot be used, where the walk ended; -1 if there is none
     */
    int walk(RecordLayout record, Visitor visitor) {
        int count = (int) Math.min(Integer.toUnsignedLong(record.extentCount()), FormatConstants.RECORD_EXTENTS);
        for (int entry = 0; entry < count; entry++) {
            if (record.leaves() == 0) {
                visitor.extent(entry, record.extents(entry));
            } else if (!walkLeaf(record, entry, count, visitor)) {
                return entry;
            }
        }
        return -1;
    }

    private boolean walkLeaf(RecordLayout record, int entry, int count, Visitor visitor) {
        ExtentLayout run = record.extents(entry);
        // A record that is damaged is walked too.
        if (!geometry.fits(run) || run.length() != FormatConstants.LEAF_RUN) {
            return false;
        }
        visitor.leaf(entry, run);
        Pair pair = read(run.regionOffset());
        int chosen = pair.chosen(record);
        if (chosen < 0) {
            return false;
        }
        ExtentLeafLayout leaf = view(pair.copy(chosen));
        if (!inPlace(record, entry, count, leaf)) {
            return false;
        }
        for (int i = 0; i < leaf.extentCount(); i++) {
            visitor.extent(entry, leaf.extents(i));
        }
        return true;
    }

    /** A leaf starts where the record says, and ends before the next one starts. */
    private static boolean inPlace(RecordLayout record, int entry, int count, ExtentLeafLayout leaf) {
        ExtentLayout last = leaf.extents(leaf.extentCount() - 1);
        return leaf.extents(0).fileOffset() == record.extents(entry).fileOffset()
                && (entry + 1 == count
                        || Long.compareUnsigned(
                                        last.fileOffset() + last.length(),
                                        record.extents(entry + 1).fileOffset())
                                <= 0);
    }

    /** What is wrong with a copy of a leaf while the other serves; null if both are equal, or none can be used. */
    @Nullable
    String whyUneven(long offset, RecordLayout owner) {
        Pair pair = read(offset);
        int chosen = pair.chosen(owner);
        if (chosen < 0 || Arrays.equals(pair.copy(0), pair.copy(1))) {
            return null;
        }
        String why = judge(pair.copy(1 - chosen), owner);
        return (chosen == 0 ? "the second" : "the first") + " copy of a leaf: "
                + (why == null ? "it is not what the other says" : why);
    }

    /** What is wrong with a leaf of which no copy can be used. */
    String whyLost(long offset, RecordLayout owner) {
        Pair pair = read(offset);
        String first = judge(pair.copy(0), owner);
        String second = judge(pair.copy(1), owner);
        return first == null || second == null
                ? "it is not where the record says"
                : "the first copy: " + first + "; the second copy: " + second;
    }

    /** Writes a bad copy of a leaf again from the other. */
    void repair(long offset, RecordLayout owner) {
        Pair pair = read(offset);
        int chosen = pair.chosen(owner);
        if (chosen >= 0) {
            long to = offset + (1 - chosen) * (long) ExtentLeafLayout.SIZE;
            Copies.store(image, to, pair.copy(chosen), ExtentLeafLayout.OFFSET_CHECKSUM);
        }
    }

    /** Both copies of a leaf. */
    private final class Pair {
        private final byte[] run;

        private Pair(byte[] run) {
            this.run = run;
        }

        private byte[] copy(int index) {
            int from = index * ExtentLeafLayout.SIZE;
            return Arrays.copyOfRange(run, from, from + ExtentLeafLayout.SIZE);
        }

        /** Number of the copy that can be used, or -1. */
        private int chosen(RecordLayout owner) {
            if (judge(copy(0), owner) == null) {
                return 0;
            }
            return judge(copy(1), owner) == null ? 1 : -1;
        }
    }

    private Pair read(long offset) {
        byte[] run = new byte[FormatConstants.LEAF_RUN];
        image.read(offset, run);
        return new Pair(run);
    }

    private static ExtentLeafLayout view(byte[] leaf) {
        return new ExtentLeafLayout(ByteBuffer.wrap(leaf), 0);
    }

    /** What is wrong with a copy; null if nothing is. */
    private @Nullable String judge(byte[] bytes, RecordLayout owner) {
        ExtentLeafLayout leaf = view(bytes);
        if (leaf.magic() != FormatConstants.LEAF_MAGIC) {
            return "it has no magic number";
        }
        if (!Copies.intact(bytes, ExtentLeafLayout.OFFSET_CHECKSUM)) {
            return "its checksum is wrong";
        }
        if (leaf.owner() != owner.number()) {
            return "it belongs to record " + Long.toUnsignedString(leaf.owner());
        }
        if (leaf.generation() != owner.generation()) {
            return "it belongs to a file that had this record before";
        }
        int count = leaf.extentCount();
        if (count <= 0 || count > FormatConstants.LEAF_EXTENTS) {
            return "it cannot list " + Integer.toUnsignedString(count) + " extents";
        }
        long end = 0;
        for (int i = 0; i < count; i++) {
            end = geometry.endAfter(end, leaf.extents(i));
            if (end < 0) {
                return "its extents cannot be those of a file";
            }
        }
        return null;
    }
}
