// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.ControlConstants;
import dev.holdfast.abi.RangeArgs;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.OpenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Asks a module for the ranges of a region. */
final class RangeReader {
    private RangeReader() {}

    /**
     * All ranges of a region, the first one first. A module that knows of one only is not asked for it.
     *
     * @param file lies on the region, or is the control device
     * @param info what the module says of the region
     */
    static List<RegionRange> read(OpenFile file, RegionInfo info) throws ErrnoException {
        if (info.rangeCount() == 0) {
            PhysicalRange only = new PhysicalRange(info.regionBase(), info.regionSize());
            return List.of(new RegionRange(only, OptionalInt.empty(), info.dataFree(), 0));
        }
        List<RegionRange> ranges = new ArrayList<>();
        try (RangeArgs args = new RangeArgs()) {
            for (int index = 0; index < info.rangeCount(); index++) {
                args.size(RangeArgs.SIZE).index(index).regionBase(info.regionBase());
                file.range(args);
                ranges.add(range(args));
            }
        }
        return List.copyOf(ranges);
    }

    private static RegionRange range(RangeArgs args) {
        OptionalInt node =
                args.node() == ControlConstants.NODE_UNKNOWN ? OptionalInt.empty() : OptionalInt.of(args.node());
        return new RegionRange(new PhysicalRange(args.physical(), args.length()), node, args.free(), args.largest());
    }
}
