// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The setup header of a bzImage: Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
 *
 * @param image the whole file, little-endian
 */
record BootHeader(ByteBuffer image) {
    /** Where the header starts, in the file and in the zero page. */
    static final int START = 0x1f1;

    private static final int JUMP_LENGTH = 0x201;
    private static final int MAGIC_OFFSET = 0x202;
    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int VERSION_OFFSET = 0x206;

    /** The first with what is read here. */
    private static final int OLDEST = 0x20c;

    private static final int XLOADFLAGS = 0x236;

    /** XLF_KERNEL_64 and XLF_CAN_BE_LOADED_ABOVE_4G. */
    private static final int ANYWHERE_IN_64_BITS = 3;

    private static final int ALIGNMENT = 0x230;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int PREFERRED_ADDRESS = 0x258;
    private static final int INIT_SIZE = 0x260;
    private static final int SECTOR = 512;

    /**
     * Reads it.
     *
     * @throws IOException if it is not that of a 64-bit kernel that can be put anywhere
     */
    static BootHeader of(byte[] image) throws IOException {
        BootHeader header = new BootHeader(ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN));
        if (image.length < INIT_SIZE + Integer.BYTES
                || header.image.getInt(MAGIC_OFFSET) != MAGIC
                || Short.toUnsignedInt(header.image.getShort(VERSION_OFFSET)) < OLDEST
                || (header.image.getShort(XLOADFLAGS) & ANYWHERE_IN_64_BITS) != ANYWHERE_IN_64_BITS) {
            throw new IOException("it is no bzImage of a relocatable 64-bit kernel");
        }
        return header;
    }

    /** The header itself, as it goes into the zero page. */
    ByteBuffer bytes() {
        return image.slice(START, MAGIC_OFFSET + Byte.toUnsignedInt(image.get(JUMP_LENGTH)) - START);
    }

    /** What is compressed in the image; behind it is its length when it is unpacked. */
    byte[] payload() throws IOException {
        long start = (1L + Byte.toUnsignedInt(image.get(START))) * SECTOR
                + Integer.toUnsignedLong(image.getInt(PAYLOAD_OFFSET));
        long length = Integer.toUnsignedLong(image.getInt(PAYLOAD_LENGTH));
        if (length < Integer.BYTES || start + length > image.limit()) {
            throw new IOException("it is cut off");
        }
        return Arrays.copyOfRange(image.array(), (int) start, (int) (start + length));
    }

    /** How long the payload is when it is unpacked, in bytes. */
    int unpackedLength() throws IOException {
        byte[] payload = payload();
        int length = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(payload.length - Integer.BYTES);
        if (length <= 0) {
            throw new IOException("its size makes no sense");
        }
        return length;
    }

    /** Of the address that the kernel is put at, in bytes. */
    long alignment() {
        return Integer.toUnsignedLong(image.getInt(ALIGNMENT));
    }

    /** The physical address that the kernel is linked for. */
    long linkedAt() {
        return image.getLong(PREFERRED_ADDRESS);
    }

    /** How much memory the kernel needs before it can read the map of memory, in bytes. */
    int room() throws IOException {
        int room = image.getInt(INIT_SIZE);
        if (room <= 0) {
            throw new IOException("its size makes no sense");
        }
        return room;
    }
}
