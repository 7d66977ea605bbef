// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RangeLayout;
import dev.holdfast.abi.SuperblockLayout;
import java.util.ArrayList;
import java.util.List;

/** The list of a region's ranges beside its first. */
record Ranges(SuperblockLayout superblock) {
    /**
     * One of them.
     *
     * @param offset where it starts, in bytes from the start of the region
     * @param physical its physical address, in bytes
     * @param size its size, in bytes
     */
    record Further(long offset, long physical, long size) {
        private boolean overlaps(Further other) {
            return physical < other.physical + other.size && other.physical < physical + size;
        }

        @Override
        public String toString() {
            return "0x" + Long.toHexString(physical) + "+0x" + Long.toHexString(size);
        }
    }

    static Ranges of(SuperblockLayout superblock) {
        return new Ranges(superblock);
    }

    /** How many the region says it has: without the feature none, whatever is in the list. */
    private int count() {
        return (superblock.incompat() & IncompatFlags.RANGES) == 0 ? 0 : superblock.rangeCount();
    }

    /** Whether it is a list that could have been written; the geometry is right. */
    boolean isValid() {
        if (Integer.compareUnsigned(count(), FormatConstants.RANGES_MAX) > 0) {
            return false;
        }
        List<Further> all = further();
        for (int i = 0; i < all.size(); i++) {
            Further range = all.get(i);
            // A physical address beyond 2^63 is more than any machine has.
            if (range.size() <= 0
                    || range.size() % FormatConstants.REGION_ALIGN != 0
                    || range.physical() % FormatConstants.REGION_ALIGN != 0
                    || range.offset() < superblock.size()
                    || range.physical() + range.size() <= range.physical()
                    || all.subList(0, i).stream().anyMatch(range::overlaps)) {
                return false;
            }
        }
        return true;
    }

    /** All of them. */
    List<Further> further() {
        List<Further> all = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            RangeLayout range = superblock.ranges(i);
            all.add(new Further(range.physical() - superblock.base(), range.physical(), range.size()));
        }
        return all;
    }
}
