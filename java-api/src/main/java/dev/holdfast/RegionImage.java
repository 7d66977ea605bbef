// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bytes of a region that is not mounted, for those who look at what they say: {@link dev.holdfast.fsck.Fsck}.
 *
 * <p>Closing gives up what was opened. Used by one thread at a time. Whoever keeps regions in another way implements it.
 */
public interface RegionImage extends AutoCloseable {
    /** What an image is opened for. */
    enum Access {
        /** To look at it. */
        READ,
        /** To look at it and to change it. */
        REPAIR
    }

    /**
     * Opens a file that holds all bytes of a region, as {@code pmemsave} of QEMU writes it. It may have holes.
     *
     * @throws NotFoundException if there is no such file
     * @throws PermissionException if the file does not let us
     */
    static RegionImage open(Path dump, Access access) {
        return FileImage.of(dump, OptionalLong.empty(), access);
    }

    /**
     * Opens a file that holds all bytes of one of a region's ranges.
     *
     * @param base physical address of the range, in bytes
     * @throws NotFoundException if there is no such file
     * @throws PermissionException if the file does not let us
     * @see #of(RegionImage, List)
     */
    static RegionImage open(Path dump, long base, Access access) {
        return FileImage.of(dump, OptionalLong.of(base), access);
    }

    /**
     * Opens a region that is in this machine's memory and not mounted. Until it is closed, nobody else can mount or format it.
     *
     * @throws BusyException if the range is mounted or claimed by somebody else
     * @throws NotReservedException if the kernel uses the range
     * @throws BadGeometryException if base or size is no multiple of 128 MiB, or the size is too small
     * @throws ModuleNotLoadedException if the kernel lacks the module
     * @throws UnsupportedSystemException if the module is older than this library
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    static RegionImage attach(PhysicalRange range, Access access) {
        return FileImage.of(ControlDevice.standard(), range, access);
    }

    /**
     * Opens a region of several ranges that is in this machine's memory and not mounted.
     *
     * @param ranges all of them, the first one first: {@link RegionDescription#ranges()}
     * @throws HoldfastException as {@link #attach(PhysicalRange, Access)}; then none is attached
     */
    static RegionImage attach(List<PhysicalRange> ranges, Access access) {
        List<RegionImage> images = new ArrayList<>();
        try {
            ranges.forEach(range -> images.add(attach(range, access)));
            return of(images.get(0), images.subList(1, images.size()));
        } catch (RuntimeException | Error e) {
            images.forEach(RegionImage::close);
            throw e;
        }
    }

    /**
     * Puts the ranges of a region together. The image that comes of it closes all of them.
     *
     * @param first the first range
     * @param further the others, in any order
     * @throws IllegalArgumentException if one does not know its {@link #base()}
     */
    static RegionImage of(RegionImage first, List<RegionImage> further) {
        return new ImageOfRanges(first, further);
    }

    /** How many bytes the first range has. */
    long size();

    /** Physical address of the region, in bytes, where it is known. */
    OptionalLong base();

    /** Whether some bytes are there: below {@link #size()}, or in one of the other ranges. */
    default boolean holds(long offset, long length) {
        return offset >= 0 && length >= 0 && length <= size() && offset <= size() - length;
    }

    /**
     * Reads until the array is full.
     *
     * @param offset where, in bytes from the start of the region: physical address less that of the first range. The image
     *     {@linkplain #holds holds} all that is read
     * @throws HoldfastException if it cannot be read
     */
    void read(long offset, byte[] into);

    /**
     * Writes all bytes. What one call writes is there before what a later call writes.
     *
     * @param offset where, as to {@link #read}
     * @throws ReadOnlyException if the image was not opened for repair
     * @throws HoldfastException if it cannot be written
     */
    void write(long offset, byte[] bytes);

    /** Waits until what was written is as safe as it gets. */
    void settle();

    @Override
    void close();
}
