// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Who has which memory of the data area. */
final class Memory {
    private record Run(long length, long owner) {}

    private final Geometry geometry;
    private final TreeMap<Long, Run> taken = new TreeMap<>();
    private long bytes;

    Memory(Geometry geometry) {
        this.geometry = geometry;
    }

    /** Gives a run to a record if it lies in the data area and all of it is free. */
    boolean take(ExtentLayout run, long owner) {
        if (!geometry.fits(run) || owner(run).isPresent()) {
            return false;
        }
        taken.put(run.regionOffset(), new Run(run.length(), owner));
        bytes += run.length();
        return true;
    }

    /** Takes what is free between two offsets in the region, for nobody. */
    void takeFree(long start, long end) {
        long at = start;
        while (at < end) {
            Map.Entry<Long, Run> below = taken.floorEntry(at);
            if (below != null && below.getKey() + below.getValue().length() > at) {
                at = below.getKey() + below.getValue().length();
                continue;
            }
            Long next = taken.higherKey(at);
            long length = (next == null ? end : Math.min(end, next)) - at;
            taken.put(at, new Run(length, FormatConstants.NO_RECORD));
            bytes += length;
            at += length;
        }
    }

    /** The record that has the last part of a run that is not free; the run lies in the data area. */
    OptionalLong owner(ExtentLayout run) {
        Map.Entry<Long, Run> below = taken.lowerEntry(run.regionOffset() + run.length());
        return below != null && below.getKey() + below.getValue().length() > run.regionOffset()
                ? OptionalLong.of(below.getValue().owner())
                : OptionalLong.empty();
    }

    /** How much is taken, in bytes. */
    long taken() {
        return bytes;
    }

    /** Longest run that nobody has, in bytes. */
    long largestFree() {
        return geometry.data().stream().mapToLong(this::largestFree).max().orElse(0);
    }

    private long largestFree(Geometry.Area area) {
        long largest = 0;
        long at = area.start();
        for (Map.Entry<Long, Run> run : taken.subMap(area.start(), area.end()).entrySet()) {
            largest = Math.max(largest, run.getKey() - at);
            at = run.getKey() + run.getValue().length();
        }
        return Math.max(largest, area.end() - at);
    }
}
