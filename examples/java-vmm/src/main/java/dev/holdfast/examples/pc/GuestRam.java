// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a guest, as the guest sees it: from address 0 on, with the holes that a PC has for its video memory and for its devices.
 * It is one piece of the hypervisor's memory, and belongs to somebody else.
 */
public final class GuestRam {
    /** The first hole: what would be there is not seen. */
    public static final long VIDEO = 0xa0000;

    /** Where the first hole ends. */
    public static final long VIDEO_END = 0x100000;

    /** The second hole: what would be there is seen from {@link #DEVICES_END} on. */
    public static final long DEVICES = 3L << 30;

    /** Where the second hole ends. */
    public static final long DEVICES_END = 4L << 30;

    private static final long PAGE = 4096;
    private static final long MOST = 32L << 30;

    private final long address;
    private final long size;
    private final List<Piece> pieces;

    /**
     * A piece that is not interrupted.
     *
     * @param guestAddress where the guest sees it
     * @param offset where it starts in the memory
     * @param size its size, in bytes
     */
    public record Piece(long guestAddress, long offset, long size) {
        private boolean has(long at, long length) {
            return at >= guestAddress && length >= 0 && length <= size && at - guestAddress <= size - length;
        }
    }

    /**
     * Memory that somebody lends.
     *
     * @param address where it is mapped in this process
     * @param size its size, in bytes: more than 1 MiB, at most 32 GiB, a multiple of 4096
     * @throws MachineException if the size is not of that form
     */
    public GuestRam(long address, long size) {
        if (size <= VIDEO_END || size > MOST || size % PAGE != 0) {
            throw new MachineException(
                    "a machine has more than 1 MiB of memory and at most 32 GiB, a multiple of 4 KiB, not " + size
                            + " bytes");
        }
        this.address = address;
        this.size = size;
        this.pieces = cut(size);
    }

    /** How much there is, in bytes; what the first hole hides is counted. */
    public long size() {
        return size;
    }

    /** Its pieces, the lowest first. */
    public List<Piece> pieces() {
        return pieces;
    }

    private static List<Piece> cut(long size) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(0, 0, VIDEO));
        pieces.add(new Piece(VIDEO_END, VIDEO_END, Math.min(size, DEVICES) - VIDEO_END));
        if (size > DEVICES) {
            pieces.add(new Piece(DEVICES_END, DEVICES, size - DEVICES));
        }
        return List.copyOf(pieces);
    }

    /** Where a piece is in this process. */
    long addressOf(Piece piece) {
        return address + piece.offset();
    }

    /**
     * A part of it, in the byte order of the guest. The guest may write there at the same time.
     *
     * @param at guest physical address
     * @param length in bytes
     * @throws MachineException if not all of it is memory
     */
    public ByteBuffer at(long at, int length) {
        for (Piece piece : pieces) {
            if (piece.has(at, length)) {
                return new Pointer(addressOf(piece) + at - piece.guestAddress())
                        .getByteBuffer(0, length)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new MachineException("the guest has no memory of %d bytes at 0x%x".formatted(length, at));
    }
}
