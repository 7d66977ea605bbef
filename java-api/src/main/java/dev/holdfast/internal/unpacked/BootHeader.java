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

    /** XLF_5LEVEL_ENABLED. */
    private static final int FIVE_LEVELS = 1 << 6;

    private static final int ALIGNMENT = 0x230;
    private static final int PAYLOAD_OFFSET = 0x248;
    private static final int PAYLOAD_LENGTH = 0x24c;
    private static final int PREFERRED_ADDRESS = 0x258;
    private static final int INIT_SIZE = 0x260;
    private static final int SECTOR = 512;

    /** What 0 stands for. */
    private static final int LEAST_SECTORS = 4;

    /** How far up a kernel may lie in its own address space: KERNEL_IMAGE_SIZE, with CONFIG_RANDOMIZE_BASE. */
    static final long VIRTUAL_ROOM = 1L << 30;

    /** A kernel that is put elsewhere than at a multiple of it stops: MIN_KERNEL_ALIGN. */
    private static final long LEAST_ALIGNMENT = 2 << 20;

    /**
     * Reads it.
     *
     * @throws IOException if it is not that of a 64-bit kernel that can be put anywhere
     */
    static BootHeader of(byte[] image) throws IOException {
        BootHeader header = new BootHeader(ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN));
        if (image.length < INIT_SIZE + Integer.BYTES
                || image.length < header.end()
                || header.image.getInt(MAGIC_OFFSET) != MAGIC
                || Short.toUnsignedInt(header.image.getShort(VERSION_OFFSET)) < OLDEST
                || (header.image.getShort(XLOADFLAGS) & ANYWHERE_IN_64_BITS) != ANYWHERE_IN_64_BITS) {
            throw new IOException("it is no bzImage of a relocatable 64-bit kernel");
        }
        header.checkPlace();
        return header;
    }

    /** Of the header, in the image. */
    private int end() {
        return MAGIC_OFFSET + Byte.toUnsignedInt(image.get(JUMP_LENGTH));
    }

    private void checkPlace() throws IOException {
        if (alignment() < LEAST_ALIGNMENT
                || Long.bitCount(alignment()) != 1
                || linkedAt() % alignment() != 0
                || linkedAt() < 0
                || linkedAt() > VIRTUAL_ROOM) {
            throw new IOException("its place in memory makes no sense");
        }
        if (room() <= 0 || room() > VIRTUAL_ROOM - linkedAt()) {
            throw noSense();
        }
    }

    /** The header itself, as it goes into the zero page. */
    ByteBuffer bytes() {
        return image.slice(START, end() - START);
    }

    /** What is compressed in the image; behind it is its length when it is unpacked. */
    byte[] payload() throws IOException {
        int sectors = Byte.toUnsignedInt(image.get(START));
        long start = (1L + (sectors == 0 ? LEAST_SECTORS : sectors)) * SECTOR
                + Integer.toUnsignedLong(image.getInt(PAYLOAD_OFFSET));
        long length = Integer.toUnsignedLong(image.getInt(PAYLOAD_LENGTH));
        if (length < Integer.BYTES || start + length > image.limit()) {
            throw new IOException("it is cut off");
        }
        return Arrays.copyOfRange(image.array(), (int) start, (int) (start + length));
    }

    /** How long the payload is when it is unpacked, in bytes: it has to fit where the kernel is put, as its decompressor puts it there. */
    int unpackedLength() throws IOException {
        byte[] payload = payload();
        int length = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(payload.length - Integer.BYTES);
        if (length <= 0 || length > room()) {
            throw noSense();
        }
        return length;
    }

    /** Whether the kernel can go on with five levels of page tables, if it is entered with them. */
    boolean takesFiveLevels() {
        return (image.getShort(XLOADFLAGS) & FIVE_LEVELS) != 0;
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
    int room() {
        return image.getInt(INIT_SIZE);
    }

    private static IOException noSense() {
        return new IOException("its size makes no sense");
    }
}
