// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a copy of a record must be like. */
final class RecordRules {
    private static final int NANOSECONDS_MAX = 999_999_999;
    private static final int MODE_MAX = 07777;

    /** What a slot, or one copy of it, holds. */
    enum State {
        /** Nothing that was ever committed. */
        UNUSED,
        /** The tombstone of a record. */
        FREE,
        /** A record. */
        USED,
        /** Something that cannot be used. */
        DAMAGED
    }

    /**
     * What a copy holds.
     *
     * @param why what is wrong with it, one clause
     */
    record Verdict(State state, String why) {
        private static final Verdict UNUSED = new Verdict(State.UNUSED, "it was never written");
        private static final Verdict FREE = new Verdict(State.FREE, "");
        private static final Verdict USED = new Verdict(State.USED, "");

        private static Verdict damaged(String why) {
            return new Verdict(State.DAMAGED, why);
        }

        boolean committed() {
            return state == State.FREE || state == State.USED;
        }

        boolean unused() {
            return state == State.UNUSED;
        }
    }

    private final Geometry geometry;

    RecordRules(Geometry geometry) {
        this.geometry = geometry;
    }

    Verdict judge(byte[] bytes, long number) {
        if (neverWritten(bytes, 0)) {
            return Verdict.UNUSED;
        }
        RecordLayout record = RecordTable.view(bytes);
        if (record.magic() != FormatConstants.RECORD_MAGIC) {
            return Verdict.damaged("it has no magic number");
        }
        if (!Copies.intact(bytes, RecordLayout.OFFSET_CHECKSUM)) {
            return Verdict.damaged("its checksum is wrong");
        }
        if (record.number() != number) {
            return Verdict.damaged("it says that it is record " + Long.toUnsignedString(record.number()));
        }
        return judgeContent(bytes, record);
    }

    /** Whether the copy that starts at {@code from} is unused; only its first fields tell. */
    static boolean neverWritten(byte[] bytes, int from) {
        RecordLayout record = new RecordLayout(ByteBuffer.wrap(bytes), from);
        return record.magic() == 0 && record.checksum() == 0 && record.sequence() == 0 && record.number() == 0;
    }

    private Verdict judgeContent(byte[] bytes, RecordLayout record) {
        return switch (record.type()) {
            case RecordType.FREE -> Verdict.FREE;
            case RecordType.DIRECTORY ->
                record.extentCount() != 0 || record.size() != 0
                        ? Verdict.damaged("it is a directory and has memory")
                        : judgeUsed(bytes, record);
            case RecordType.FILE -> judgeUsed(bytes, record);
            default -> Verdict.damaged("there is no type " + Integer.toUnsignedString(record.type()));
        };
    }

    private Verdict judgeUsed(byte[] bytes, RecordLayout record) {
        if (Long.compareUnsigned(record.parent(), geometry.slots()) >= 0) {
            return Verdict.damaged(
                    "there is no record " + Long.toUnsignedString(record.parent()) + " to be its parent");
        }
        if (Integer.compareUnsigned(record.mode(), MODE_MAX) > 0) {
            return Verdict.damaged("there is no mode 0" + Integer.toOctalString(record.mode()));
        }
        if (!nameFits(bytes, record)) {
            return Verdict.damaged("its name cannot be one");
        }
        if (!supersedesFits(record)) {
            return Verdict.damaged("it cannot have replaced record " + Long.toUnsignedString(record.supersedes()));
        }
        if (!timesFit(record)) {
            return Verdict.damaged("one of its times has a second or more of nanoseconds");
        }
        return contentFits(record) ? Verdict.USED : Verdict.damaged("its extents cannot be those of a file");
    }

    private static boolean nameFits(byte[] bytes, RecordLayout record) {
        int length = record.nameLength();
        if (record.number() == FormatConstants.ROOT_RECORD) {
            return length == 0;
        }
        if (length <= 0 || length > FormatConstants.NAME_MAX) {
            return false;
        }
        byte[] name = name(bytes);
        for (byte character : name) {
            if (character == '/' || character == 0) {
                return false;
            }
        }
        return !Arrays.equals(name, new byte[] {'.'}) && !Arrays.equals(name, new byte[] {'.', '.'});
    }

    /** The name of a record that has one. */
    static byte[] name(byte[] bytes) {
        int from = RecordLayout.OFFSET_NAME;
        return Arrays.copyOfRange(bytes, from, from + RecordTable.view(bytes).nameLength());
    }

    /** The root is never replaced, and nothing replaces itself. */
    private boolean supersedesFits(RecordLayout record) {
        long dead = record.supersedes();
        return dead == FormatConstants.NO_RECORD
                || (Long.compareUnsigned(dead, geometry.slots()) < 0
                        && dead != FormatConstants.ROOT_RECORD
                        && dead != record.number());
    }

    private static boolean timesFit(RecordLayout record) {
        return nanosecondsFit(record.atimeNanoseconds())
                && nanosecondsFit(record.mtimeNanoseconds())
                && nanosecondsFit(record.ctimeNanoseconds())
                && nanosecondsFit(record.btimeNanoseconds());
    }

    private static boolean nanosecondsFit(int nanoseconds) {
        return Integer.compareUnsigned(nanoseconds, NANOSECONDS_MAX) <= 0;
    }

    private boolean contentFits(RecordLayout record) {
        int count = record.extentCount();
        if (Integer.compareUnsigned(count, FormatConstants.RECORD_EXTENTS) > 0
                || Long.compareUnsigned(record.size(), FormatConstants.FILE_MAX) > 0) {
            return false;
        }
        if (record.leaves() != 0) {
            return geometry.sparse() && record.leaves() == 1 && leavesFit(record, count);
        }
        long end = 0;
        for (int i = 0; i < count; i++) {
            end = geometry.endAfter(end, record.extents(i));
            if (end < 0) {
                return false;
            }
        }
        return geometry.sparse() || record.size() <= end;
    }

    /** Leaves are in the order of what they hold; a leaf speaks for its extents. */
    private boolean leavesFit(RecordLayout record, int count) {
        for (int i = 0; i < count; i++) {
            ExtentLayout leaf = record.extents(i);
            boolean inOrder = i == 0
                    || Long.compareUnsigned(
                                    leaf.fileOffset(), record.extents(i - 1).fileOffset())
                            > 0;
            if (!geometry.fits(leaf)
                    || leaf.length() != FormatConstants.LEAF_RUN
                    || leaf.fileOffset() % FormatConstants.BLOCK_SIZE != 0
                    || Long.compareUnsigned(leaf.fileOffset(), FormatConstants.FILE_MAX) > 0
                    || !inOrder) {
                return false;
            }
        }
        return count > 0;
    }
}
