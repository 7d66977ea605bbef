// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.nio.file.Path;
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
        return FileImage.of(dump, access);
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

    /** How many bytes there are. */
    long size();

    /** Physical address of the region, in bytes, where it is known. */
    OptionalLong base();

    /**
     * Reads until the array is full.
     *
     * @param offset where, in bytes from the start of the region; all that is read lies below {@link #size()}
     * @throws HoldfastException if it cannot be read
     */
    void read(long offset, byte[] into);

    /**
     * Writes all bytes. What one call writes is there before what a later call writes.
     *
     * @param offset where, in bytes from the start of the region; all that is written lies below {@link #size()}
     * @throws ReadOnlyException if the image was not opened for repair
     * @throws HoldfastException if it cannot be written
     */
    void write(long offset, byte[] bytes);

    /** Waits until what was written is as safe as it gets. */
    void settle();

    @Override
    void close();
}
