// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.RegionImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Blocks that carry their own checksum and are kept in two copies. */
final class Copies {
    private static final byte[] ZERO = new byte[Integer.BYTES];

    private Copies() {}

    /** CRC32C of a block, its checksum field taken as zero. */
    static int checksum(byte[] block, int checksumAt) {
        CRC32C crc = new CRC32C();
        int after = checksumAt + ZERO.length;
        crc.update(block, 0, checksumAt);
        crc.update(ZERO, 0, ZERO.length);
        crc.update(block, after, block.length - after);
        return (int) crc.getValue();
    }

    /** Whether a block carries its checksum. */
    static boolean intact(byte[] block, int checksumAt) {
        return numbers(block).getInt(checksumAt) == checksum(block, checksumAt);
    }

    /** Gives a block its checksum. */
    static void seal(byte[] block, int checksumAt) {
        numbers(block).putInt(checksumAt, checksum(block, checksumAt));
    }

    /** Overwrites one copy, its checksum last: stopped in the middle, the copy is invalid, and the other is as it was. */
    static void store(RegionImage image, long offset, byte[] block, int checksumAt) {
        byte[] stored = new byte[Integer.BYTES];
        image.read(offset + checksumAt, stored);
        int wrong = ~numbers(stored).getInt(0);
        image.write(offset + checksumAt, number(wrong));

        byte[] unsealed = block.clone();
        numbers(unsealed).putInt(checksumAt, wrong);
        image.write(offset, unsealed);
        image.settle();
        image.write(offset + checksumAt, number(checksum(block, checksumAt)));
        image.settle();
    }

    private static byte[] number(int value) {
        byte[] bytes = new byte[Integer.BYTES];
        numbers(bytes).putInt(0, value);
        return bytes;
    }

    private static ByteBuffer numbers(byte[] block) {
        return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    }
}
