// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import java.util.Set;

/** Records as repairs write them. */
final class Edits {
    private static final int ROOT_MODE = 0755;

    private Edits() {}

    /** A root directory as that of a new region. */
    static byte[] root(long seconds) {
        byte[] record = new byte[RecordLayout.SIZE];
        RecordTable.view(record)
                .parent(FormatConstants.ROOT_RECORD)
                .supersedes(FormatConstants.NO_RECORD)
                .type(RecordType.DIRECTORY)
                .mode(ROOT_MODE)
                .generation(1)
                .atimeSeconds(seconds)
                .mtimeSeconds(seconds)
                .ctimeSeconds(seconds)
                .btimeSeconds(seconds);
        return record;
    }

    /** The tombstone of a record of which nothing can be trusted; the next file in its slot is another one all the same. */
    static byte[] tombstone(RecordTable.Slot damaged) {
        int first = RecordTable.view(damaged.bytes(0)).generation();
        int second = RecordTable.view(damaged.bytes(1)).generation();
        byte[] record = new byte[RecordLayout.SIZE];
        RecordTable.view(record)
                .supersedes(FormatConstants.NO_RECORD)
                .type(RecordType.FREE)
                .generation(Integer.compareUnsigned(first, second) > 0 ? first : second);
        return record;
    }

    /** Puts a record into the root directory. */
    static void move(RecordLayout record, String name) {
        record.parent(FormatConstants.ROOT_RECORD).name(name).nameLength(name.length());
    }

    /**
     * Takes entries of its extents from a file. Where the format knows holes there are holes then; elsewhere the file ends before the
     * first of them.
     */
    static void cut(RecordLayout record, Set<Integer> entries, boolean sparse) {
        int kept = 0;
        long end = 0;
        for (int entry = 0; entry < record.extentCount(); entry++) {
            if (entries.contains(entry)) {
                if (!sparse) {
                    break;
                }
                continue;
            }
            ExtentLayout run = record.extents(entry);
            end = run.fileOffset() + run.length();
            set(record.extents(kept), run.fileOffset(), run.regionOffset(), run.length());
            kept++;
        }
        for (int entry = kept; entry < FormatConstants.RECORD_EXTENTS; entry++) {
            set(record.extents(entry), 0, 0, 0);
        }
        record.extentCount(kept);
        if (kept == 0) {
            record.leaves(0);
        }
        if (!sparse) {
            record.size(Math.min(record.size(), end));
        }
    }

    private static void set(ExtentLayout extent, long fileOffset, long regionOffset, long length) {
        extent.fileOffset(fileOffset).regionOffset(regionOffset).length(length);
    }
}
