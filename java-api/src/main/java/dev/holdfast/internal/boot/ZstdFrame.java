// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The bytes of one zstd frame, still compressed. The decompressor reads ahead; this ends where the frame does, so that what follows
 * is not lost. Only the sizes of its blocks are looked at (RFC 8878, 3.1.1).
 */
final class ZstdFrame extends InputStream {
    private static final int MAGIC_AND_DESCRIPTOR = 5;
    private static final int BLOCK_HEADER = 3;
    private static final int CHECKSUM = 4;
    private static final int RUN_LENGTH = 1;

    /** Exponent 13 above 10: RFC 8878, 3.1.1.1.2. */
    private static final byte WINDOW_OF_8_MIB = 13 << 3;

    private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};
    private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};

    private final InputStream in;
    private final boolean hasChecksum;
    private byte[] header;
    private int headerGiven;
    private int left;
    private boolean lastBlock;

    ZstdFrame(InputStream in) throws IOException {
        this.in = in;
        this.header = exactly(MAGIC_AND_DESCRIPTOR);
        int descriptor = header[MAGIC_AND_DESCRIPTOR - 1];
        boolean singleSegment = (descriptor & 1 << 5) != 0;
        this.hasChecksum = (descriptor & 1 << 2) != 0;
        int contentSize = CONTENT_SIZE_BYTES[descriptor >> 6 & 3];
        this.left = (singleSegment ? Math.max(1, contentSize) : 1 + contentSize) + DICTIONARY_ID_BYTES[descriptor & 3];
    }

    /**
     * Unpacks a frame whole. The decompressor refuses frames that look back further than 8 MiB, which its streams keep; kernels are packed
     * with up to 128 MiB. Here it has everything that came before in one array, and is told of 8.
     */
    static byte[] whole(byte[] frame, int length) throws IOException {
        int end = (int) new ZstdFrame(new ByteArrayInputStream(frame)).transferTo(OutputStream.nullOutputStream());
        byte[] narrow = Arrays.copyOf(frame, end);
        boolean singleSegment = (frame[MAGIC_AND_DESCRIPTOR - 1] & 1 << 5) != 0;
        if (!singleSegment && Byte.toUnsignedInt(frame[MAGIC_AND_DESCRIPTOR]) > WINDOW_OF_8_MIB) {
            narrow[MAGIC_AND_DESCRIPTOR] = WINDOW_OF_8_MIB;
        }
        byte[] unpacked = new byte[length];
        int count = new ZstdDecompressor().decompress(narrow, 0, end, unpacked, 0, length);
        if (count < length) {
            throw cutOff();
        }
        return unpacked;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (headerGiven == header.length && left == 0) {
            if (lastBlock) {
                return -1;
            }
            nextBlock();
        }
        if (headerGiven < header.length) {
            int count = Math.min(length, header.length - headerGiven);
            System.arraycopy(header, headerGiven, into, offset, count);
            headerGiven += count;
            return count;
        }
        int count = in.read(into, offset, Math.min(length, left));
        if (count < 0) {
            throw cutOff();
        }
        left -= count;
        return count;
    }

    private void nextBlock() throws IOException {
        header = exactly(BLOCK_HEADER);
        headerGiven = 0;
        int word = header[0] & 0xff | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
        lastBlock = (word & 1) != 0;
        left = ((word >> 1) & 3) == RUN_LENGTH ? 1 : word >> 3;
        if (lastBlock && hasChecksum) {
            left += CHECKSUM;
        }
    }

    private byte[] exactly(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw cutOff();
        }
        return read;
    }

    private static EOFException cutOff() {
        return new EOFException("it is cut off");
    }
}
