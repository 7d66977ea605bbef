// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.RegionArea.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Retired pages that a file still has, though it cannot reach them: the module tells them as both. */
final class LostPages {
    private LostPages() {}

    /** The same areas without overlap: what is retired is so whoever has it. */
    static List<RegionArea> apart(List<RegionArea> told) {
        List<RegionArea> retired =
                told.stream().filter(area -> area.kind() == Kind.RETIRED).toList();
        List<RegionArea> apart = new ArrayList<>();
        for (RegionArea area : told) {
            if (area.kind() == Kind.RETIRED) {
                addUnowned(apart, area, told);
            } else {
                addParts(apart, area, retired);
            }
        }
        return apart;
    }

    /** An area, cut where pages of it are retired. */
    private static void addParts(List<RegionArea> apart, RegionArea area, List<RegionArea> retired) {
        long at = area.regionOffset();
        for (RegionArea lost : retired) {
            if (area.kind() == Kind.CONTENT && overlap(area, lost)) {
                long start = Math.max(at, lost.regionOffset());
                long end = Math.min(area.regionEnd(), lost.regionEnd());
                add(apart, area, area.kind(), at, start);
                add(apart, area, Kind.RETIRED, start, end);
                at = end;
            }
        }
        add(apart, area, area.kind(), at, area.regionEnd());
    }

    /** What no file has of a retired run. */
    private static void addUnowned(List<RegionArea> apart, RegionArea retired, List<RegionArea> told) {
        long at = retired.regionOffset();
        for (RegionArea area : told.stream()
                .filter(other -> other.kind() == Kind.CONTENT && overlap(other, retired))
                .sorted(Comparator.comparingLong(RegionArea::regionOffset))
                .toList()) {
            add(apart, retired, Kind.RETIRED, at, area.regionOffset());
            at = Math.max(at, area.regionEnd());
        }
        add(apart, retired, Kind.RETIRED, at, retired.regionEnd());
    }

    private static boolean overlap(RegionArea a, RegionArea b) {
        return a.regionOffset() < b.regionEnd() && b.regionOffset() < a.regionEnd();
    }

    private static void add(List<RegionArea> apart, RegionArea area, Kind kind, long start, long end) {
        if (start < end) {
            long into = start - area.regionOffset();
            long fileOffset = area.isOwned() ? area.fileOffset() + into : 0;
            apart.add(new RegionArea(
                    kind, area.record(), area.owner(), fileOffset, start, area.physicalAddress() + into, end - start));
        }
    }
}
