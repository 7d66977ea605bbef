// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.Progress;
import dev.holdfast.RegionImage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks a region that is not mounted, and repairs it.
 *
 * <pre>{@code
 * try (RegionImage image = RegionImage.open(dump, RegionImage.Access.REPAIR)) {
 *     FsckReport report = Fsck.check(image);
 *     FsckOutcome outcome = Fsck.repair(image, Repair.harmless());
 * }
 * }</pre>
 *
 * <p>What a mount would refuse or set aside is found for the same reasons as there. Memory for the work follows the slots and the
 * extents, a few hundred bytes for each file, not the size of the region.
 */
public final class Fsck {
    private Fsck() {}

    /**
     * Looks at all that describes the files of a region. Writes nothing, and takes whatever is there: what is no region gives a report
     * that says so.
     *
     * @throws dev.holdfast.HoldfastException if the image cannot be read
     */
    public static FsckReport check(RegionImage image) {
        return check(image, Progress.NONE);
    }

    /**
     * The same, and tells how far it has come.
     *
     * @param progress is told how many slots of the record table were read; what follows takes less time
     * @throws dev.holdfast.HoldfastException if the image cannot be read
     */
    public static FsckReport check(RegionImage image, Progress progress) {
        return Examination.of(image, progress).report();
    }

    /**
     * Does the repairs of some sorts, and nothing else.
     *
     * @throws dev.holdfast.ReadOnlyException if the image was not opened for repair, and something is to be written
     * @throws dev.holdfast.HoldfastException if the image cannot be read or written
     */
    public static FsckOutcome repair(RegionImage image, Set<Repair> chosen) {
        return repair(
                image, finding -> finding.repair().filter(chosen::contains).isPresent());
    }

    /**
     * Repairs what is chosen, and nothing else. What comes to light only then is chosen from again, until nothing is left. Stopped at
     * any moment, it leaves the region no worse than it was.
     *
     * @param chosen says for a finding that can be repaired whether it is to be
     * @throws dev.holdfast.ReadOnlyException if the image was not opened for repair, and something is to be written
     * @throws dev.holdfast.HoldfastException if the image cannot be read or written
     */
    public static FsckOutcome repair(RegionImage image, Predicate<FsckFinding> chosen) {
        Set<FsckFinding> repaired = new LinkedHashSet<>();
        while (true) {
            Examination examination = Examination.of(image, Progress.NONE);
            List<Mend> wanted = examination.mends().stream()
                    .filter(mend -> mend.finding().repair().isPresent())
                    .filter(mend -> chosen.test(mend.finding()))
                    // What a write did not help the first time it will not help the second.
                    .filter(mend -> !repaired.contains(mend.finding()))
                    .toList();
            if (wanted.isEmpty()) {
                return new FsckOutcome(List.copyOf(repaired), examination.report());
            }
            for (Mend mend : wanted) {
                mend.work().run();
                repaired.add(mend.finding());
            }
        }
    }
}
