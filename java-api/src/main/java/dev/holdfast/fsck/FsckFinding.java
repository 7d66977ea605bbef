// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a region.
 *
 * @param kind what sort of thing
 * @param record number of the record that it is about, or {@link #NO_RECORD}
 * @param offset where it is, in bytes from the start of the region
 * @param what what is wrong, one clause
 * @param repairable whether {@link Kind#repair()} can be done in this region
 */
public record FsckFinding(Kind kind, long record, long offset, String what, boolean repairable)
        implements Serializable {
    /** In place of the number of a record: it is about the region. */
    public static final long NO_RECORD = -1;

    /** Sorts of findings, in the order in which a mount meets them. */
    public enum Kind {
        /** There is no superblock. */
        NOT_A_REGION(Severity.FATAL, null),
        /** No copy of the superblock is good. */
        SUPERBLOCK_LOST(Severity.FATAL, null),
        /** The format is newer than this library: nothing else was looked at. */
        FUTURE_VERSION(Severity.FATAL, null),
        /** The region uses features that this library does not know and must know: nothing else was looked at. */
        UNKNOWN_FEATURE(Severity.FATAL, null),
        /** The image is shorter than the region: nothing else was looked at. */
        TRUNCATED(Severity.FATAL, null),
        /** One of the region's further ranges is not in the image, or has no head of this region: nothing else was looked at. */
        RANGE_LOST(Severity.FATAL, null),
        /** The region uses features that a writer must know and this library does not: it is not repaired. */
        UNKNOWN_RO_FEATURE(Severity.WARNING, null),
        /** A copy of the superblock is bad, or older than the other. */
        SUPERBLOCK_COPY(Severity.NOTE, Repair.REWRITE_SUPERBLOCK),
        /** A copy of the head of a further range is bad. */
        RANGE_COPY(Severity.NOTE, Repair.REWRITE_COPY),
        /** The first commit of a record never got as far as its second copy: it had not returned. */
        UNFINISHED_COMMIT(Severity.NOTE, Repair.REWRITE_COPY),
        /** A copy of a record is bad, or older than the other. */
        RECORD_COPY(Severity.NOTE, Repair.REWRITE_COPY),
        /** No copy of a record can be used. */
        RECORD_DAMAGED(Severity.ERROR, Repair.FREE_DAMAGED),
        /** The root directory cannot be used: nothing further was looked at. */
        ROOT_DAMAGED(Severity.FATAL, Repair.REBUILD_ROOT),
        /** A rename replaced a record and was stopped before it was freed. */
        SUPERSEDED(Severity.NOTE, Repair.BURY_SUPERSEDED),
        /** A copy of a leaf is bad. */
        LEAF_COPY(Severity.NOTE, Repair.REWRITE_COPY),
        /** No copy of a leaf can be used: as nobody knows which memory is the file's, none is free for others. */
        LEAF_DAMAGED(Severity.ERROR, Repair.CUT_FILE),
        /** A file claims memory that belongs to another. */
        OVERLAP(Severity.ERROR, Repair.CUT_FILE),
        /** A record has no parent that is a directory, or is in a circle of directories. */
        ORPHAN(Severity.WARNING, Repair.ATTACH_ORPHAN),
        /** Another record of the same directory has the same name. */
        DUPLICATE_NAME(Severity.WARNING, Repair.RENAME_DUPLICATE);

        private final Severity severity;
        private final @Nullable Repair repair;

        Kind(Severity severity, @Nullable Repair repair) {
            this.severity = severity;
            this.repair = repair;
        }

        /** What a mount makes of it. */
        public Severity severity() {
            return severity;
        }

        /** What can be done about it, if anything can. */
        public Optional<Repair> repair() {
            return Optional.ofNullable(repair);
        }
    }

    /** What a mount makes of it. */
    public Severity severity() {
        return kind.severity();
    }

    /** What can be done about it here, if anything can. */
    public Optional<Repair> repair() {
        return repairable ? kind.repair() : Optional.empty();
    }

    /** One line: where it is, what is wrong, and what a repair would do. */
    @Override
    public String toString() {
        String where = record == NO_RECORD ? "region" : "record " + record;
        return severity().name().toLowerCase(Locale.ROOT) + ": " + where + " at 0x" + Long.toHexString(offset)
                + ": " + what
                + repair().map(repair -> "; repair (" + repair + "): " + repair.remedy())
                        .orElse("");
    }
}
