// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The bytes of a region of several ranges, each behind an image of its own. */
final class ImageOfRanges implements RegionImage {
    /**
     * An image and where it starts.
     *
     * @param offset in bytes from the start of the region
     * @param image what is there
     */
    private record Part(long offset, RegionImage image) {
        boolean holds(long at, long length) {
            return at >= offset && image.holds(at - offset, length);
        }
    }

    private final List<Part> parts = new ArrayList<>();

    ImageOfRanges(RegionImage first, List<RegionImage> further) {
        long base = baseOf(first);
        parts.add(new Part(0, first));
        further.forEach(image -> parts.add(new Part(baseOf(image) - base, image)));
    }

    private static long baseOf(RegionImage image) {
        return image.base()
                .orElseThrow(() -> new IllegalArgumentException(
                        "where an image of one of several ranges was in memory must be known: open it with its base"));
    }

    private Part partWith(long offset, long length) {
        return parts.stream()
                .filter(part -> part.holds(offset, length))
                .findFirst()
                .orElseThrow(() -> new IndexOutOfBoundsException(
                        "no range has " + length + " bytes at 0x" + Long.toHexString(offset)));
    }

    @Override
    public long size() {
        return parts.get(0).image().size();
    }

    @Override
    public OptionalLong base() {
        return parts.get(0).image().base();
    }

    @Override
    public boolean holds(long offset, long length) {
        return parts.stream().anyMatch(part -> part.holds(offset, length));
    }

    @Override
    public void read(long offset, byte[] into) {
        Part part = partWith(offset, into.length);
        part.image().read(offset - part.offset(), into);
    }

    @Override
    public void write(long offset, byte[] bytes) {
        Part part = partWith(offset, bytes.length);
        part.image().write(offset - part.offset(), bytes);
    }

    @Override
    public void settle() {
        parts.forEach(part -> part.image().settle());
    }

    @Override
    public void close() {
        parts.forEach(part -> part.image().close());
    }
}
