// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.SuperblockLayout;

/** The list of pages that no file gets any more. */
record Retired(SuperblockLayout superblock) {
    static Retired of(SuperblockLayout superblock) {
        return new Retired(superblock);
    }

    /** Whether it is one that could have been written; the geometry and the ranges are right. */
    boolean isValid() {
        Geometry geometry = Geometry.of(superblock);
        if (Integer.compareUnsigned(superblock.retiredCount(), FormatConstants.RETIRED_RUNS) > 0) {
            return false;
        }
        long end = 0;
        for (int i = 0; i < superblock.retiredCount(); i++) {
            ExtentLayout run = superblock.retired(i);
            if (!geometry.fits(run) || run.regionOffset() < end) {
                return false;
            }
            end = run.regionOffset() + run.length();
        }
        return true;
    }

    /** Takes all of it that no file has. */
    void takeFrom(Memory memory) {
        for (int i = 0; i < superblock.retiredCount(); i++) {
            ExtentLayout run = superblock.retired(i);
            memory.takeFree(run.regionOffset(), run.regionOffset() + run.length());
        }
    }
}
