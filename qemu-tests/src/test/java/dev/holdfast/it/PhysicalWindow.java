// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * Physical memory as seen from inside the VM, through {@code /dev/mem}. The kernel lets user space look there as long as no driver
 * holds the range: at a region that is not mounted.
 */
final class PhysicalWindow implements AutoCloseable {

    private static final int O_RDWR = 2;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private final long address;
    private final long bytes;

    /** Functions of libc, for 64-bit Linux. */
    private static final class LibC {
        static {
            Native.register("c");
        }

        private LibC() {}

        static native int open(String path, int flags);

        static native int close(int descriptor);

        static native long mmap(long address, long bytes, int protection, int flags, int descriptor, long offset);

        static native int munmap(long address, long bytes);
    }

    /** Opens a window on {@code bytes} from a physical address on, both multiples of the page size. */
    PhysicalWindow(long physical, long bytes) throws IOException {
        int memory = LibC.open("/dev/mem", O_RDWR);
        if (memory < 0) {
            throw new IOException("cannot open /dev/mem, errno " + Native.getLastError());
        }
        this.address = LibC.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED, memory, physical);
        this.bytes = bytes;
        int errno = Native.getLastError();
        LibC.close(memory);
        if (address == -1) {
            throw new IOException(String.format("cannot map 0x%x of /dev/mem, errno %d", physical, errno));
        }
    }

    /** What is in it. */
    Pointer memory() {
        return new Pointer(address);
    }

    @Override
    public void close() {
        LibC.munmap(address, bytes);
    }
}
