// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A split virtqueue: Virtual I/O Device (VIRTIO) 1.2, section 2.7. Its rings are in the guest's memory; what is here is no more than where
 * they are and how far we have read.
 */
final class Virtqueue {
    /** The most buffers. */
    static final int MOST = 256;

    private static final int DESCRIPTOR = 16;
    private static final int NEXT = 1;
    private static final int WRITABLE = 2;
    private static final int RING = 4;
    private static final int NO_INTERRUPT = 1;
    private static final int INDEX_MASK = 0xffff;

    private final GuestRam ram;
    private int size = MOST;
    private boolean ready;
    private long descriptors;
    private long available;
    private long used;
    private int taken;

    /**
     * Buffers that the guest has made available at once.
     *
     * @param head which
     * @param buffers where they are, in order; those to be written behind those to be read
     * @param writable how many bytes may be written
     */
    record Chain(int head, List<ByteBuffer> buffers, int writable) {}

    Virtqueue(GuestRam ram) {
        this.ram = ram;
    }

    void resize(int wanted) {
        if (wanted < 1 || wanted > MOST || Integer.bitCount(wanted) != 1) {
            throw new MachineException(
                    "the guest wants a virtqueue of " + wanted + " buffers; it is a power of two up to " + MOST);
        }
        size = wanted;
    }

    boolean ready() {
        return ready;
    }

    void ready(boolean now) {
        ready = now;
    }

    void descriptors(long address) {
        descriptors = address;
    }

    long descriptors() {
        return descriptors;
    }

    void available(long address) {
        available = address;
    }

    long available() {
        return available;
    }

    void used(long address) {
        used = address;
    }

    long used() {
        return used;
    }

    void reset() {
        size = MOST;
        ready = false;
        descriptors = 0;
        available = 0;
        used = 0;
        taken = 0;
    }

    /** The next buffers, or null if there are none. */
    @Nullable
    Chain take() {
        if (!ready) {
            return null;
        }
        ByteBuffer ring = ram.at(available, RING + 2 * size);
        if (Short.toUnsignedInt(ring.getShort(2)) == taken) {
            return null;
        }
        VarHandle.acquireFence();
        int head = Short.toUnsignedInt(ring.getShort(RING + 2 * (taken % size)));
        taken = taken + 1 & INDEX_MASK;
        return chain(head);
    }

    private Chain chain(int head) {
        ByteBuffer table = ram.at(descriptors, DESCRIPTOR * size);
        List<ByteBuffer> buffers = new ArrayList<>();
        int writable = 0;
        int flags = NEXT;
        for (int index = head; (flags & NEXT) != 0; ) {
            if (index >= size || buffers.size() == size) {
                throw new MachineException(
                        "the guest gave buffers that do not end: descriptor " + index + " of " + size);
            }
            int at = index * DESCRIPTOR;
            ByteBuffer buffer = ram.at(table.getLong(at), table.getInt(at + 8));
            flags = table.getShort(at + 12);
            index = Short.toUnsignedInt(table.getShort(at + 14));
            if ((flags & WRITABLE) != 0) {
                writable += buffer.remaining();
            }
            buffers.add(buffer);
        }
        return new Chain(head, buffers, writable);
    }

    /**
     * Gives buffers back.
     *
     * @param written how many bytes were written to them
     * @return whether the guest wants to be told
     */
    boolean giveBack(Chain chain, int written) {
        ByteBuffer ring = ram.at(used, RING + 8 * size);
        int index = Short.toUnsignedInt(ring.getShort(2));
        ring.putInt(RING + 8 * (index % size), chain.head()).putInt(RING + 8 * (index % size) + 4, written);
        VarHandle.releaseFence();
        ring.putShort(2, (short) (index + 1));
        VarHandle.fullFence();
        return (ram.at(available, RING).getShort(0) & NO_INTERRUPT) == 0;
    }

    void save(DataOutput out) throws IOException {
        out.writeInt(size);
        out.writeBoolean(ready);
        out.writeLong(descriptors);
        out.writeLong(available);
        out.writeLong(used);
        out.writeInt(taken);
    }

    void load(DataInput in) throws IOException {
        size = in.readInt();
        ready = in.readBoolean();
        descriptors = in.readLong();
        available = in.readLong();
        used = in.readLong();
        taken = in.readInt();
    }
}
