// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.RegionArea.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who owns what in a region, at one moment.
 *
 * @param label the region's name
 * @param range where it lies
 * @param areas all of it, from its start to its end, without a gap
 */
public record RegionLayout(String label, PhysicalRange range, List<RegionArea> areas) {
    /** Length of a large page, in bytes. */
    public static final long PAGE_2M = 2L << 20;

    /** Length of a huge page, in bytes. */
    public static final long PAGE_1G = 1L << 30;

    /**
     * States a layout.
     *
     * @throws IllegalArgumentException if the areas leave a gap or overlap
     */
    public RegionLayout {
        areas = List.copyOf(areas);
        long end = 0;
        for (RegionArea area : areas) {
            if (area.regionOffset() != end || area.length() <= 0) {
                throw new IllegalArgumentException("there should be an area at " + end + ", not " + area);
            }
            end = area.regionEnd();
        }
        if (end != range.size()) {
            throw new IllegalArgumentException("the areas end at " + end + ", not at " + range.size());
        }
    }

    /** The layout of a region that has told these areas, in any order; what is between them gets a name here. */
    static RegionLayout of(RegionDescription region, List<RegionArea> told) {
        List<RegionArea> sorted = LostPages.apart(told);
        sorted.sort(Comparator.comparingLong(RegionArea::regionOffset));
        List<RegionArea> all = new ArrayList<>();
        long end = 0;
        for (RegionArea area : sorted) {
            addGap(all, region, end, area.regionOffset());
            all.add(area);
            end = area.regionEnd();
        }
        addGap(all, region, end, region.range().size());
        return new RegionLayout(region.label(), region.range(), all);
    }

    private static void addGap(List<RegionArea> all, RegionDescription region, long start, long end) {
        long data = region.dataOffset();
        if (start < data && data < end) {
            addGap(all, region, start, data);
            addGap(all, region, data, end);
        } else if (start < end) {
            Kind kind = start < data ? Kind.PADDING : Kind.HELD;
            long address = region.range().base() + start;
            all.add(new RegionArea(kind, RegionArea.NOBODY, "", 0, start, address, end - start));
        }
    }

    /**
     * What one file has of the region.
     *
     * @param owner its path, from the root of the region
     * @param bytes memory, in bytes
     * @param areas in how many pieces
     */
    public record Share(String owner, long bytes, int areas) {}

    /** What each file has; the one that has most comes first, and of equal ones the first by name. */
    public List<Share> shares() {
        Map<Long, Share> shares = new HashMap<>();
        for (RegionArea area : areas) {
            if (area.isOwned()) {
                shares.merge(
                        area.record(),
                        new Share(area.owner(), area.length(), 1),
                        (a, b) -> new Share(a.owner(), a.bytes() + b.bytes(), a.areas() + b.areas()));
            }
        }
        return shares.values().stream()
                .sorted(Comparator.comparingLong(Share::bytes).reversed().thenComparing(Share::owner))
                .toList();
    }

    /** The areas of one kind, by address. */
    public List<RegionArea> of(Kind kind) {
        return areas.stream().filter(area -> area.kind() == kind).toList();
    }

    /** The areas of one file, by address. */
    public List<RegionArea> of(String owner) {
        return areas.stream()
                .filter(area -> area.isOwned() && area.owner().equals(owner))
                .toList();
    }

    /**
     * The area that holds a byte of physical memory.
     *
     * @throws IllegalArgumentException if it is not in the region
     */
    RegionArea at(long physicalAddress) {
        return areas.stream()
                .filter(area -> area.physicalAddress() <= physicalAddress && physicalAddress < area.physicalEnd())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no area at 0x" + Long.toHexString(physicalAddress)));
    }

    /** Free memory, in bytes. */
    public long freeBytes() {
        return of(Kind.FREE).stream().mapToLong(RegionArea::length).sum();
    }

    /** The largest file that would be contiguous, in bytes. */
    public long largestFree() {
        return of(Kind.FREE).stream().mapToLong(RegionArea::length).max().orElse(0);
    }

    /**
     * How much of the free memory can be had in whole pages of a size, aligned in physical memory; in bytes.
     *
     * @param page the size, in bytes, a power of two
     */
    public long freeInPages(long page) {
        return of(Kind.FREE).stream()
                .mapToLong(area -> Math.max(0, down(area.physicalEnd(), page) - up(area.physicalAddress(), page)))
                .sum();
    }

    private static long down(long address, long page) {
        return address & -page;
    }

    private static long up(long address, long page) {
        return down(address + page - 1, page);
    }

    /**
     * A picture of it, as SVG: a map of the region in rows, with a colour for each file, and beside it the figures. The same layout
     * gives the same bytes.
     */
    public String toSvg() {
        return new LayoutPicture(this).svg();
    }
}
