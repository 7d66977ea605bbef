// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.PhysicalRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses the memory for a region, out of what a kernel has: the text of /proc/iomem. */
final class Reservation {
    private static final Pattern RAM = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) : System RAM");
    private static final long SECTION = 128L << 20;
    private static final long GIB = 1L << 30;

    /** Below are the memory that devices reach, and the places where the next kernel is put before it runs. */
    private static final long HIGH = 4 * GIB;

    /** What is left to a kernel at least. */
    private static final long LEFT = GIB;

    private Reservation() {}

    /**
     * The highest range that is large enough, its base a multiple of 1 GiB if that is possible.
     *
     * @param size how large, in bytes
     * @throws CommandFailure if there is none
     */
    static PhysicalRange choose(String iomem, long size) {
        if (size <= 0 || size % SECTION != 0) {
            throw new CommandFailure("a region has a multiple of 128 MiB, not " + size + " bytes; ask for such a size");
        }
        List<PhysicalRange> memory = memory(iomem);
        if (memory.isEmpty()) {
            throw new CommandFailure("/proc/iomem does not say where memory is; run as root");
        }
        long all = memory.stream().mapToLong(PhysicalRange::size).sum();
        if (all - LEFT < size) {
            throw new CommandFailure("the kernel has " + Bytes.text(all) + " of memory, and keeps " + Bytes.text(LEFT)
                    + " at least; ask for less than " + Bytes.text(size));
        }
        for (long alignment : new long[] {GIB, SECTION}) {
            for (PhysicalRange range : memory) {
                long base = range.end() - size & -alignment;
                if (base >= Math.max(range.base(), HIGH)) {
                    return new PhysicalRange(base, size);
                }
            }
        }
        throw new CommandFailure("no " + Bytes.text(size)
                + " of memory lie together above 4 GiB; ask for less, or reserve a range by hand: README, A region");
    }

    /** The highest first. */
    private static List<PhysicalRange> memory(String iomem) {
        List<PhysicalRange> ranges = new ArrayList<>();
        Matcher matcher = RAM.matcher(iomem);
        while (matcher.find()) {
            long base = Long.parseLong(matcher.group(1), 16);
            long end = Long.parseLong(matcher.group(2), 16) + 1;
            // Who may not know sees zeros.
            if (end > 1) {
                ranges.add(new PhysicalRange(base, end - base));
            }
        }
        ranges.sort(Comparator.comparingLong(PhysicalRange::base).reversed());
        return ranges;
    }
}
