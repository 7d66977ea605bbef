// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A shared mapping of a file. The mapping is given back by {@link #close}, never by the garbage collector, because its address may
 * have gone to where the collector doesn't see it.
 *
 * <p>A buffer cut from it may outlive it. Then close() puts a mapping of an empty file in its place: an access through the buffer
 * gets SIGBUS, which the JVM turns into an {@link InternalError}. Unmapped memory would crash the JVM, and memory that someone maps
 * at the same address later would be corrupted. The addresses are free again when no such buffer is reachable.
 *
 * <p>Safe to use from several threads.
 */
public final class Mapping implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Addresses addresses;
    private final boolean writable;

    private Mapping(Addresses addresses, boolean writable) {
        this.addresses = addresses;
        this.writable = writable;
    }

    static Mapping of(int fd, long bytes, boolean writable) throws ErrnoException {
        int protection = writable ? LibC.PROT_READ | LibC.PROT_WRITE : LibC.PROT_READ;
        long address = LibC.mmap(0, bytes, protection, LibC.MAP_SHARED, fd, 0);
        if (address == LibC.MAP_FAILED) {
            throw ErrnoException.last("mmap");
        }
        return new Mapping(new Addresses(address, bytes), writable);
    }

    /** Where the mapping starts. */
    public long address() {
        return addresses.start();
    }

    /** Length of the mapping, in bytes. */
    public long size() {
        return addresses.size;
    }

    /**
     * A view of a part, in native byte order; read-only if the mapping is.
     *
     * @throws IndexOutOfBoundsException if the part doesn't lie in the mapping
     * @throws IllegalStateException if the mapping is closed
     */
    public ByteBuffer slice(long offset, int length) {
        Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ addresses.size);
        ByteBuffer buffer = addresses.lend(offset, length);
        // All views made of the buffer hold on to it, so it is the last to go.
        CLEANER.register(buffer, addresses::takeBack);
        return writable ? buffer : buffer.asReadOnlyBuffer().order(buffer.order());
    }

    /** Gives the mapping back; a second call does nothing. After a failure it is still mapped. */
    @Override
    public void close() throws ErrnoException {
        addresses.close();
    }

    /** The range of addresses, kept until it is closed and no buffer points into it. */
    private static final class Addresses {
        private final long start;
        private final long size;
        private long buffers;
        private boolean open = true;

        Addresses(long start, long size) {
            this.start = start;
            this.size = size;
        }

        synchronized long start() {
            requireOpen();
            return start;
        }

        synchronized ByteBuffer lend(long offset, int length) {
            requireOpen();
            ByteBuffer buffer = new Pointer(start).getByteBuffer(offset, length);
            buffers++;
            return buffer;
        }

        synchronized void takeBack() {
            buffers--;
            if (!open && buffers == 0) {
                LibC.munmap(start, size);
            }
        }

        synchronized void close() throws ErrnoException {
            if (!open) {
                return;
            }
            if (buffers == 0) {
                unmap();
            } else {
                replaceByNothing();
            }
            open = false;
        }

        private void unmap() throws ErrnoException {
            if (LibC.munmap(start, size) < 0) {
                throw ErrnoException.last("munmap");
            }
        }

        private void replaceByNothing() throws ErrnoException {
            int empty = LibC.memfd_create("holdfast-closed", LibC.MFD_CLOEXEC);
            if (empty < 0) {
                throw ErrnoException.last("memfd_create");
            }
            long address = LibC.mmap(
                    start, size, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED | LibC.MAP_FIXED, empty, 0);
            ErrnoException failure = address == LibC.MAP_FAILED ? ErrnoException.last("mmap") : null;
            LibC.close(empty);
            if (failure != null) {
                throw failure;
            }
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("the guest memory is closed");
            }
        }
    }
}
