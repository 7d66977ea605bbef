// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that does not give more than it is allowed to, whatever sizes are written in it. */
final class Allowance extends FilterInputStream {
    private final String limitOf;
    private long left;

    /**
     * Allows some bytes.
     *
     * @param limitOf what has that limit, for the message
     */
    Allowance(InputStream in, long bytes, String limitOf) {
        super(in);
        this.left = bytes;
        this.limitOf = limitOf;
    }

    /** Allows so many bytes from here on, however many were allowed before. */
    void allow(long bytes) {
        left = bytes;
    }

    /** How many bytes are still allowed. */
    long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length > 0 && left == 0) {
            throw new IOException(limitOf + " is too large");
        }
        int count = super.read(into, offset, (int) Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }

    @Override
    public long skip(long bytes) throws IOException {
        return readNBytes((int) Math.min(bytes, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
