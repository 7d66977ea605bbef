// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Pointer;
import dev.holdfast.PhysicalRange;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The superblocks and some records of a region of the smallest size, to be read from memory, changed, and written back. */
final class RegionImage {

    /** Records that are looked at: the first ones, and the last of the table. */
    static final int RECORDS = 48;

    /** Slots of the whole table. */
    static final int SLOTS = FormatConstants.RECORD_SLOTS_MIN;

    /** Where the data area starts, in bytes from the start of the region. */
    static final int DATA = (int) FormatConstants.TABLE_OFFSET + 2 * SLOTS * RecordLayout.SIZE;

    private static final int SUPERBLOCKS = 2;

    /** Both copies of the superblock, then both copies of each record. */
    private final byte[][] blocks;

    private RegionImage(byte[][] blocks) {
        this.blocks = blocks;
    }

    static RegionImage read(PhysicalRange region) throws IOException {
        RegionImage image = new RegionImage(new byte[SUPERBLOCKS + 2 * RECORDS][]);
        try (PhysicalWindow window = new PhysicalWindow(region.base(), DATA)) {
            Pointer memory = window.memory();
            for (int index = 0; index < image.blocks.length; index++) {
                image.blocks[index] = memory.getByteArray(
                        offset(index), index < SUPERBLOCKS ? SuperblockLayout.SIZE : RecordLayout.SIZE);
            }
        }
        return image;
    }

    void write(PhysicalRange region) throws IOException {
        try (PhysicalWindow window = new PhysicalWindow(region.base(), DATA)) {
            Pointer memory = window.memory();
            for (int index = 0; index < blocks.length; index++) {
                memory.write(offset(index), blocks[index], 0, blocks[index].length);
            }
        }
    }

    private static long offset(int index) {
        if (index < SUPERBLOCKS) {
            return index * FormatConstants.SUPERBLOCK_COPY_STRIDE;
        }
        int copy = index % 2;
        int slot = slot((index - SUPERBLOCKS) / 2);
        return FormatConstants.TABLE_OFFSET + ((long) copy * SLOTS + slot) * RecordLayout.SIZE;
    }

    /** Number of a record. */
    static int slot(int record) {
        return record == RECORDS - 1 ? SLOTS - 1 : record;
    }

    RegionImage copy() {
        return new RegionImage(Arrays.stream(blocks).map(byte[]::clone).toArray(byte[][]::new));
    }

    /** A copy of the superblock, 0 or 1. */
    byte[] superblock(int copy) {
        return blocks[copy];
    }

    /** A copy of a record, 0 or 1. */
    byte[] record(int copy, int record) {
        return blocks[SUPERBLOCKS + 2 * record + copy];
    }

    /** Gives a block the right checksum. */
    static void seal(byte[] block) {
        int at =
                block.length == SuperblockLayout.SIZE ? SuperblockLayout.OFFSET_CHECKSUM : RecordLayout.OFFSET_CHECKSUM;
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(at, 0);
        CRC32C crc = new CRC32C();
        crc.update(block);
        buffer.putInt(at, (int) crc.getValue());
    }

    boolean hasSuperblocksOf(RegionImage other) {
        return Arrays.equals(blocks[0], other.blocks[0]) && Arrays.equals(blocks[1], other.blocks[1]);
    }

    boolean sameAs(RegionImage other) {
        return Arrays.deepEquals(blocks, other.blocks);
    }
}
