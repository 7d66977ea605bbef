// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.jna.Mapping;
import java.nio.ByteBuffer;

/**
 * The memory of a guest, mapped into this process. Owns the mapping, which {@link #close()} gives back; the garbage collector never
 * does, for the address may be known to KVM or a device.
 *
 * <p><b>What must be closed first.</b> Whoever was told {@link #address()} has to be made to forget it before close(): a KVM memory
 * slot, a DMA mapping, native code. Buffers from {@link #slice} take care of themselves: after close() they never read or write
 * anyone else's memory. An access gives or takes garbage, and the JVM throws an {@link InternalError} ("a fault occurred in a recent
 * unsafe memory access operation") in that thread, at once or a little later. It is for a bug to be noticed, not to be caught.
 *
 * <p><b>What remains.</b> The same error comes when the file is made shorter while it is mapped, by this process or another, and the
 * missing part is touched. After close(), and until the buffers cut from it are garbage, the range of addresses (not the memory)
 * stays taken.
 *
 * <p>Safe to use from several threads. The content has no locks: order accesses as with any shared memory.
 */
public final class GuestMemory implements AutoCloseable {
    private final String name;
    private final Mapping mapping;

    GuestMemory(String name, Mapping mapping) {
        this.name = name;
        this.mapping = mapping;
    }

    /**
     * Where the memory is mapped in this process, for KVM_SET_USER_MEMORY_REGION and the like.
     *
     * @throws IllegalStateException if it is closed
     */
    public long address() {
        return mapping.address();
    }

    /** Length of the memory, in bytes. */
    public long size() {
        return mapping.size();
    }

    /**
     * A view of a part of the memory, in native byte order; read-only if the memory was opened so. Cut large slices and keep them:
     * each is watched until it is garbage.
     *
     * @param offset where the part starts, in bytes
     * @param length its length, in bytes
     * @throws IndexOutOfBoundsException if the part does not lie in the memory
     * @throws IllegalStateException if it is closed
     */
    public ByteBuffer slice(long offset, int length) {
        return mapping.slice(offset, length);
    }

    /** Unmaps the memory; the file stays. A second call does nothing. */
    @Override
    public void close() {
        new Attempt("unmap guest memory", name, ErrorTable.FILE).run(mapping::close);
    }
}
