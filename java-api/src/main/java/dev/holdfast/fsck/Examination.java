// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.Progress;
import dev.holdfast.RegionImage;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RoCompatFlags;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.fsck.FsckFinding.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a region, in the steps of a mount; it writes nothing. */
final class Examination {
    private final RegionImage image;
    private final Progress progress;
    private final Findings findings = new Findings();
    private @Nullable FsckSummary summary;

    private Examination(RegionImage image, Progress progress) {
        this.image = image;
        this.progress = progress;
    }

    /** Looks at all of a region. */
    static Examination of(RegionImage image, Progress progress) {
        Examination examination = new Examination(image, progress);
        examination.readSuperblock();
        return examination;
    }

    List<Mend> mends() {
        return findings.mends();
    }

    FsckReport report() {
        return new FsckReport(findings.mends().stream().map(Mend::finding).toList(), summary);
    }

    private void readSuperblock() {
        if (image.size() < Superblocks.HEAD_SIZE) {
            findings.add(Kind.NOT_A_REGION, "it has " + image.size() + " bytes, too few for a region");
            return;
        }
        Superblocks superblocks = Superblocks.read(image);
        switch (superblocks.verdict()) {
            case ABSENT -> findings.add(Kind.NOT_A_REGION, "there is no superblock");
            case DAMAGED ->
                findings.add(Kind.SUPERBLOCK_LOST, "no copy of the superblock is good; " + superblocks.whyLost());
            case FUTURE ->
                findings.add(
                        Kind.FUTURE_VERSION,
                        "it is in format version "
                                + Integer.toUnsignedString(
                                        superblocks.superblock().version()) + ", known is up to "
                                + FormatConstants.FORMAT_VERSION);
            case UNKNOWN_FEATURE ->
                findings.add(
                        Kind.UNKNOWN_FEATURE,
                        "it uses incompatible features 0x"
                                + Long.toHexString(superblocks.superblock().incompat() & ~IncompatFlags.KNOWN)
                                + " that are not known here");
            case VALID -> readRegion(superblocks);
        }
    }

    private void readRegion(Superblocks superblocks) {
        SuperblockLayout superblock = superblocks.superblock();
        if (superblock.size() > image.size()) {
            findings.add(
                    Kind.TRUNCATED, "there are " + image.size() + " of the region's " + superblock.size() + " bytes");
            return;
        }
        long unknown = superblock.roCompat() & ~RoCompatFlags.KNOWN;
        if (unknown != 0) {
            findings.forbidRepairs();
            findings.add(
                    Kind.UNKNOWN_RO_FEATURE,
                    "it uses features 0x" + Long.toHexString(unknown)
                            + " that are not known here, so it must not be written to");
        }
        if (!superblocks.inStep()) {
            int other = superblocks.other();
            findings.add(
                    Kind.SUPERBLOCK_COPY,
                    FsckFinding.NO_RECORD,
                    Superblocks.offset(other),
                    Findings.copy(other) + " of the superblock: " + superblocks.whyOther(),
                    () -> superblocks.repair(image));
        }
        if (!readRanges(superblock)) {
            return;
        }
        summary = new Derivation(image, superblock, findings).run(progress);
    }

    /** Whether all ranges are there. */
    private boolean readRanges(SuperblockLayout superblock) {
        boolean whole = true;
        for (Ranges.Further range : Ranges.of(superblock).further()) {
            RangeHeads heads = RangeHeads.read(image, superblock, range);
            if (heads.whyLost() != null) {
                findings.add(Kind.RANGE_LOST, "its range " + range + " is lost: " + heads.whyLost());
                whole = false;
            } else if (heads.whyUneven() != null) {
                findings.add(
                        Kind.RANGE_COPY,
                        FsckFinding.NO_RECORD,
                        heads.offsetOfOther(),
                        "the head of its range " + range + ": " + heads.whyUneven(),
                        heads::repair);
            }
        }
        return whole;
    }
}
