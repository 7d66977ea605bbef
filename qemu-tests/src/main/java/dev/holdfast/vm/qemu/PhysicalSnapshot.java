// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What some physical ranges held.
 *
 * @param ranges the ranges
 * @param directory one file for each, named by its number
 */
public record PhysicalSnapshot(List<PhysicalRange> ranges, Path directory) {

    private static final int PAGE = 4096;
    private static final int CHUNK = 256 * PAGE;

    /** Number of 4 KiB pages in it. */
    public long pages() {
        return ranges.stream()
                .mapToLong(range -> (range.size() + PAGE - 1) / PAGE)
                .sum();
    }

    /** The physical addresses of the pages that differ. */
    public List<Long> differences(PhysicalSnapshot other) throws IOException {
        if (!ranges.equals(other.ranges)) {
            throw new IllegalArgumentException("snapshots of other ranges: " + ranges + ", " + other.ranges);
        }
        List<Long> different = new ArrayList<>();
        for (int number = 0; number < ranges.size(); number++) {
            String file = Integer.toString(number);
            compare(
                    directory.resolve(file),
                    other.directory.resolve(file),
                    ranges.get(number).base(),
                    different);
        }
        return different;
    }

    private static void compare(Path left, Path right, long base, List<Long> different) throws IOException {
        try (InputStream leftIn = Files.newInputStream(left);
                InputStream rightIn = Files.newInputStream(right)) {
            long address = base;
            while (true) {
                byte[] leftChunk = leftIn.readNBytes(CHUNK);
                byte[] rightChunk = rightIn.readNBytes(CHUNK);
                for (int at = 0; at < leftChunk.length; at += PAGE) {
                    int end = Math.min(at + PAGE, leftChunk.length);
                    if (!Arrays.equals(leftChunk, at, end, rightChunk, at, Math.min(end, rightChunk.length))) {
                        different.add(address + at);
                    }
                }
                if (leftChunk.length < CHUNK) {
                    return;
                }
                address += CHUNK;
            }
        }
    }
}
