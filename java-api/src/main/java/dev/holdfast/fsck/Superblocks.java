// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.RegionImage;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/** The two copies of the superblock, and which of them speaks for the region. */
final class Superblocks {
    /** How much must be there to tell a region, in bytes. */
    static final long HEAD_SIZE = FormatConstants.TABLE_OFFSET + RecordLayout.SIZE;

    private static final long DATA_ALIGN = 0x200000;

    /** What the head of a region says. */
    enum Verdict {
        VALID,
        ABSENT,
        DAMAGED,
        FUTURE,
        UNKNOWN_FEATURE;

        private boolean intact() {
            return this != ABSENT && this != DAMAGED;
        }
    }

    /**
     * One copy.
     *
     * @param bytes all of it
     * @param verdict what it says
     * @param why what is wrong with it; empty if it is intact
     */
    record Copy(byte[] bytes, Verdict verdict, String why) {
        SuperblockLayout layout() {
            return new SuperblockLayout(ByteBuffer.wrap(bytes), 0);
        }
    }

    private final Copy a;
    private final Copy b;
    private final boolean rootSeen;

    private Superblocks(Copy a, Copy b, boolean rootSeen) {
        this.a = a;
        this.b = b;
        this.rootSeen = rootSeen;
    }

    /** Reads both copies; the image is {@link #HEAD_SIZE} long at least. */
    static Superblocks read(RegionImage image) {
        byte[] root = new byte[RecordLayout.SIZE];
        image.read(FormatConstants.TABLE_OFFSET, root);
        return new Superblocks(
                read(image, 0),
                read(image, 1),
                new RecordLayout(ByteBuffer.wrap(root), 0).magic() == FormatConstants.RECORD_MAGIC);
    }

    private static Copy read(RegionImage image, int index) {
        byte[] bytes = new byte[SuperblockLayout.SIZE];
        image.read(offset(index), bytes);
        return verify(bytes, image.base());
    }

    /** Where a copy is, 0 or 1, in bytes. */
    static long offset(int index) {
        return index * FormatConstants.SUPERBLOCK_COPY_STRIDE;
    }

    private static Copy verify(byte[] bytes, OptionalLong base) {
        SuperblockLayout superblock = new SuperblockLayout(ByteBuffer.wrap(bytes), 0);
        if (superblock.magic() != FormatConstants.SUPERBLOCK_MAGIC) {
            return new Copy(bytes, Verdict.ABSENT, "it has no magic number");
        }
        if (!Copies.intact(bytes, SuperblockLayout.OFFSET_CHECKSUM)) {
            return new Copy(bytes, Verdict.DAMAGED, "its checksum is wrong");
        }
        if (Integer.compareUnsigned(superblock.version(), FormatConstants.FORMAT_VERSION) > 0) {
            return new Copy(bytes, Verdict.FUTURE, "");
        }
        if ((superblock.incompat() & ~IncompatFlags.KNOWN) != 0) {
            return new Copy(bytes, Verdict.UNKNOWN_FEATURE, "");
        }
        if (Integer.compareUnsigned(superblock.version(), FormatConstants.FORMAT_VERSION_OLDEST) < 0) {
            return new Copy(
                    bytes, Verdict.DAMAGED, "there is no version " + Integer.toUnsignedString(superblock.version()));
        }
        if (!geometryFits(bytes, superblock, base)) {
            return new Copy(bytes, Verdict.DAMAGED, "its geometry is not that of a region");
        }
        if (!Ranges.of(superblock).isValid()) {
            return new Copy(bytes, Verdict.DAMAGED, "its list of ranges makes no sense");
        }
        if (!Retired.of(superblock).isValid()) {
            return new Copy(bytes, Verdict.DAMAGED, "its list of retired pages makes no sense");
        }
        return new Copy(bytes, Verdict.VALID, "");
    }

    private static boolean geometryFits(byte[] bytes, SuperblockLayout superblock, OptionalLong base) {
        long slots = Integer.toUnsignedLong(superblock.recordSlots());
        long size = superblock.size();
        long table = slots * RecordLayout.SIZE;
        long tableB = FormatConstants.TABLE_OFFSET + table;
        long dataOffset = (tableB + table + DATA_ALIGN - 1) & -DATA_ALIGN;
        // A size beyond 2^63 is more than any image has.
        return (base.isEmpty() || base.getAsLong() == superblock.base())
                && size >= FormatConstants.REGION_MIN_SIZE
                && size % FormatConstants.REGION_ALIGN == 0
                && Long.compareUnsigned(superblock.base() + size, superblock.base()) > 0
                && slots >= FormatConstants.RECORD_SLOTS_MIN
                && slots <= FormatConstants.RECORD_SLOTS_MAX
                && superblock.recordSize() == RecordLayout.SIZE
                && superblock.tableA() == FormatConstants.TABLE_OFFSET
                && superblock.tableB() == tableB
                && superblock.dataOffset() == dataOffset
                && dataOffset < size
                && bytes[SuperblockLayout.OFFSET_LABEL + FormatConstants.LABEL_MAX] == 0
                && bytes[SuperblockLayout.OFFSET_RANGE_COUNT - 1] == 0;
    }

    /** Number of the copy that speaks for the region, 0 or 1; looked at only if one is intact. */
    private int chosen() {
        boolean takeB = b.verdict().intact()
                && (!a.verdict().intact()
                        || Long.compareUnsigned(
                                        b.layout().generation(), a.layout().generation())
                                > 0);
        return takeB ? 1 : 0;
    }

    /** What the region says. */
    Verdict verdict() {
        if (a.verdict().intact() || b.verdict().intact()) {
            return get(chosen()).verdict();
        }
        boolean something = a.verdict() == Verdict.DAMAGED || b.verdict() == Verdict.DAMAGED || rootSeen;
        return something ? Verdict.DAMAGED : Verdict.ABSENT;
    }

    /** What the copy that counts says; asked only if the verdict is that one is intact. */
    SuperblockLayout superblock() {
        return get(chosen()).layout();
    }

    private Copy get(int index) {
        return index == 0 ? a : b;
    }

    /** What is wrong with both copies, where none is intact. */
    String whyLost() {
        return "the first copy: " + a.why() + "; the second copy: " + b.why();
    }

    /** Whether both copies are equal. */
    boolean inStep() {
        return Arrays.equals(a.bytes(), b.bytes());
    }

    /** Number of the copy that does not count, 0 or 1. */
    int other() {
        return 1 - chosen();
    }

    /** What is wrong with the copy that does not count. */
    String whyOther() {
        Copy copy = get(other());
        return copy.verdict().intact() ? "it is not what the other says" : copy.why();
    }

    /** Writes the copy that does not count again from the other. */
    void repair(RegionImage image) {
        Copies.store(image, offset(other()), get(chosen()).bytes(), SuperblockLayout.OFFSET_CHECKSUM);
    }
}
