// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * What a stream of lz4's legacy format holds, which is the one that the kernel reads: a magic number, then blocks that unpack to 8 MiB
 * at most, each behind its size. What cannot be the size of a block ends it, and stays in the stream. Source: lz4_Frame_format.md,
 * "Legacy frame", and lib/decompress_unlz4.c.
 */
final class Lz4Blocks extends InputStream {
    private static final int MAGIC = 0x184c2102;
    private static final int BLOCK = 8 << 20;

    /** A block that cannot be compressed becomes a little larger: LZ4_COMPRESSBOUND. */
    private static final int MOST_COMPRESSED = BLOCK + BLOCK / 255 + 16;

    private final InputStream in;
    private long left;
    private ByteBuffer block = ByteBuffer.allocate(0);

    /** Reads from a stream that can be marked and starts with the magic number. */
    Lz4Blocks(InputStream in) throws IOException {
        this(in, Long.MAX_VALUE);
    }

    /**
     * Reads no block behind so many bytes.
     *
     * @param length of what is unpacked, in bytes
     */
    Lz4Blocks(InputStream in, long length) throws IOException {
        this.in = in;
        this.left = length;
        in.skipNBytes(Integer.BYTES);
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
        if (!block.hasRemaining() && !next()) {
            return -1;
        }
        int count = Math.min(length, block.remaining());
        block.get(into, offset, count);
        return count;
    }

    private boolean next() throws IOException {
        long size = size();
        while (size == MAGIC) {
            in.skipNBytes(Integer.BYTES);
            size = size();
        }
        if (left <= 0 || size == 0 || size > MOST_COMPRESSED) {
            return false;
        }
        in.skipNBytes(Integer.BYTES);
        byte[] compressed = in.readNBytes((int) size);
        if (compressed.length < size) {
            throw new EOFException("it is cut off");
        }
        block = ByteBuffer.wrap(
                new BlockLZ4CompressorInputStream(new ByteArrayInputStream(compressed)).readNBytes(BLOCK + 1));
        if (block.remaining() > BLOCK) {
            throw new IOException("a block in it is too large");
        }
        left -= block.remaining();
        return block.hasRemaining();
    }

    /** Of the next block; 0 at the end of the stream. */
    private long size() throws IOException {
        byte[] size = Peek.at(in, Integer.BYTES);
        return size.length < Integer.BYTES
                ? 0
                : Integer.toUnsignedLong(
                        ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }
}
