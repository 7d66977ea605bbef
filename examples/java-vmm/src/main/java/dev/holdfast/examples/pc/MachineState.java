// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has to be known of a guest beside its memory: named pieces of bytes, in an order that counts.
 *
 * <p>As bytes: the magic, the version, the number of pieces, and for each piece the length of its name, its name in UTF-8, its length and
 * its bytes; numbers are big-endian and of 32 bits. That they are the bytes that were written is for the state file to see to.
 */
public final class MachineState {
    private static final int MAGIC = 0x48465647;
    private static final int VERSION = 2;
    private static final int NUMBERS_IN_HEAD = 3;

    private final Map<String, byte[]> pieces = new LinkedHashMap<>();

    /** Adds a piece. */
    void put(String name, byte[] bytes) {
        pieces.put(name, bytes.clone());
    }

    /**
     * A piece.
     *
     * @throws MachineException if there is none of that name
     */
    byte[] get(String name) {
        byte[] bytes = pieces.get(name);
        if (bytes == null) {
            throw new MachineException("the saved state has no " + name + "; it was saved by another hypervisor");
        }
        return bytes.clone();
    }

    /** How many bytes all of it takes. */
    int size() {
        return NUMBERS_IN_HEAD * Integer.BYTES
                + pieces.entrySet().stream()
                        .mapToInt(piece -> 2 * Integer.BYTES + name(piece.getKey()).length + piece.getValue().length)
                        .sum();
    }

    private static byte[] name(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All of it, to be kept. */
    public byte[] toBytes() {
        ByteBuffer out =
                ByteBuffer.allocate(size()).putInt(MAGIC).putInt(VERSION).putInt(pieces.size());
        pieces.forEach((name, bytes) -> out.putInt(name(name).length)
                .put(name(name))
                .putInt(bytes.length)
                .put(bytes));
        return out.array();
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws MachineException if it is not that, or not all of it
     */
    public static MachineState of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.getInt() != MAGIC) {
                throw new MachineException("this is not the saved state of a machine: it does not start as one");
            }
            int version = in.getInt();
            if (version != VERSION) {
                throw new MachineException(
                        "the saved state has version " + version + ", this hypervisor reads " + VERSION);
            }
            MachineState state = new MachineState();
            for (int count = in.getInt(); count > 0; count--) {
                String name = new String(next(in), StandardCharsets.UTF_8);
                state.put(name, next(in));
            }
            if (in.hasRemaining()) {
                throw new MachineException("the saved state has " + in.remaining() + " bytes too many");
            }
            return state;
        } catch (BufferUnderflowException e) {
            throw new MachineException("the saved state ends too early, after " + bytes.length + " bytes");
        }
    }

    private static byte[] next(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
