// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the next kernel may be put: what the running one uses as memory, whatever is in it now, less what neither may touch. Addresses
 * are physical.
 */
final class FreeMemory {
    private static final Pattern LINE = Pattern.compile("(?m)^( *)([0-9a-f]+)-([0-9a-f]+) : (.*)$");

    /** The kernel itself: it is gone when the next one is put there. */
    private static final String OWN = "Kernel ";

    private static final long PAGE = 4096;

    /** Neither the firmware's nor the kernel's trampolines are disturbed. */
    private static final long LOWEST = 16 << 20;

    private final List<Range> free = new ArrayList<>();

    /** From {@code start} to before {@code end}. */
    record Range(long start, long end) {}

    /** Reads the text of /proc/iomem. */
    static FreeMemory of(String iomem) throws IOException {
        FreeMemory memory = new FreeMemory();
        List<Range> taken = new ArrayList<>(List.of(new Range(0, LOWEST)));
        boolean ram = false;
        Matcher line = LINE.matcher(iomem);
        while (line.find()) {
            Range range = new Range(address(line.group(2)), address(line.group(3)) + 1);
            if (line.group(1).isEmpty()) {
                ram = line.group(4).equals("System RAM");
                // Who may not know sees zeros.
                if (ram && range.end() > 1) {
                    memory.free.add(range);
                }
            } else if (ram && !line.group(4).startsWith(OWN)) {
                taken.add(range);
            }
        }
        if (memory.free.isEmpty()) {
            throw new IOException("/proc/iomem does not say where memory is; run as root");
        }
        taken.forEach(memory::without);
        return memory;
    }

    /** Buses go up to the last of 64 bits. */
    private static long address(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    /** Takes a range out. */
    void without(Range taken) {
        List<Range> left = new ArrayList<>();
        for (Range range : free) {
            if (taken.end() <= range.start() || taken.start() >= range.end()) {
                left.add(range);
                continue;
            }
            if (taken.start() > range.start()) {
                left.add(new Range(range.start(), taken.start()));
            }
            if (taken.end() < range.end()) {
                left.add(new Range(taken.end(), range.end()));
            }
        }
        free.clear();
        free.addAll(left);
    }

    /** Takes whole pages, as high as possible below an address. */
    long take(long bytes, long below) throws IOException {
        long size = bytes + PAGE - 1 & -PAGE;
        long found = -1;
        for (Range range : free) {
            long start = Math.min(range.end(), below) - size & -PAGE;
            if (start >= range.start()) {
                found = Math.max(found, start);
            }
        }
        return taken(found, size);
    }

    /** Takes memory at an address that is a multiple of {@code alignment}, each with the same chance. */
    long takeAtRandom(long bytes, long alignment, RandomGenerator random) throws IOException {
        List<Range> starts = new ArrayList<>();
        long count = 0;
        for (Range range : free) {
            long first = range.start() + alignment - 1 & -alignment;
            long last = range.end() - bytes & -alignment;
            if (last >= first) {
                starts.add(new Range(first, last + alignment));
                count += (last - first) / alignment + 1;
            }
        }
        long left = count == 0 ? 0 : random.nextLong(count);
        for (Range range : starts) {
            long here = (range.end() - range.start()) / alignment;
            if (left < here) {
                return taken(range.start() + left * alignment, bytes);
            }
            left -= here;
        }
        return taken(-1, bytes);
    }

    /** Takes memory at an address, or as low above it as possible. */
    long takeAbove(long address, long bytes, long alignment) throws IOException {
        for (Range range : free) {
            long start = Math.max(range.start(), address) + alignment - 1 & -alignment;
            if (start + bytes <= range.end()) {
                return taken(start, bytes);
            }
        }
        return taken(-1, bytes);
    }

    private long taken(long start, long bytes) throws IOException {
        if (start < 0) {
            throw new IOException("no " + bytes + " bytes of memory lie together for the next kernel");
        }
        without(new Range(start, start + bytes));
        return start;
    }
}
