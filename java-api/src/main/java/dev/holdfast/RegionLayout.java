// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.RegionArea.Kind;
import dev.holdfast.abi.FormatConstants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Who owns what in a region, at one moment.
 *
 * @param label the region's name
 * @param ranges where it lies, by address
 * @param areas all of it, by address, from the start of each range to its end without a gap
 */
public record RegionLayout(String label, List<PhysicalRange> ranges, List<RegionArea> areas) {
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
        ranges = byAddress(ranges);
        areas = List.copyOf(areas);
        Iterator<RegionArea> rest = areas.iterator();
        for (PhysicalRange range : ranges) {
            long end = range.base() - ranges.get(0).base();
            long last = end + range.size();
            while (end < last) {
                RegionArea area = rest.hasNext() ? rest.next() : null;
                if (area == null || area.regionOffset() != end || area.length() <= 0 || area.length() > last - end) {
                    throw new IllegalArgumentException("there should be an area at " + end + ", not " + area);
                }
                end = area.regionEnd();
            }
        }
        if (rest.hasNext()) {
            throw new IllegalArgumentException("there should be no " + rest.next());
        }
    }

    /** States the layout of a region of one range. */
    RegionLayout(String label, PhysicalRange range, List<RegionArea> areas) {
        this(label, List.of(range), areas);
    }

    private static List<PhysicalRange> byAddress(List<PhysicalRange> ranges) {
        return ranges.stream()
                .sorted(Comparator.comparingLong(PhysicalRange::base))
                .toList();
    }

    /** Where the region starts: its first range. */
    public PhysicalRange range() {
        return ranges.get(0);
    }

    /** How long all ranges are, in bytes. */
    public long size() {
        return ranges.stream().mapToLong(PhysicalRange::size).sum();
    }

    /** The layout of a region that has told these areas, in any order; what is between them gets a name here. */
    static RegionLayout of(RegionDescription region, List<RegionArea> told) {
        List<RegionArea> sorted = LostPages.apart(told);
        sorted.sort(Comparator.comparingLong(RegionArea::regionOffset));
        List<RegionArea> all = new ArrayList<>();
        Iterator<RegionArea> areas = sorted.iterator();
        RegionArea next = areas.hasNext() ? areas.next() : null;
        for (PhysicalRange range : byAddress(region.ranges())) {
            Gaps gaps = new Gaps(all, region, range);
            while (next != null && next.physicalAddress() < range.end()) {
                gaps.before(next);
                all.add(next);
                next = areas.hasNext() ? areas.next() : null;
            }
            gaps.beforeEnd();
        }
        return new RegionLayout(region.label(), region.ranges(), all);
    }

    /** Gives what is between the areas of a range a name. */
    private static final class Gaps {
        private final List<RegionArea> all;
        private final long regionBase;
        private final PhysicalRange range;
        private final long data;
        private long at;

        private Gaps(List<RegionArea> all, RegionDescription region, PhysicalRange range) {
            this.all = all;
            this.regionBase = region.range().base();
            this.range = range;
            this.data = range.base()
                    + (range.equals(region.range()) ? region.dataOffset() : FormatConstants.RANGE_DATA_OFFSET);
            this.at = range.base();
        }

        private void before(RegionArea area) {
            to(area.physicalAddress());
            at = area.physicalEnd();
        }

        private void beforeEnd() {
            to(range.end());
        }

        private void to(long end) {
            if (at < data && data < end) {
                add(Kind.PADDING, data);
            }
            if (at < end) {
                add(at < data ? Kind.PADDING : Kind.HELD, end);
            }
        }

        private void add(Kind kind, long end) {
            all.add(new RegionArea(kind, RegionArea.NOBODY, "", 0, at - regionBase, at, end - at));
            at = end;
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
