// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that does not give more than it is allowed to, whatever sizes are written in it. */
final class Allowance extends FilterInputStream {
    private final String limitOf;
    private long total;
    private long now;

    /**
     * Allows nothing yet.
     *
     * @param total the most that it ever gives, in bytes
     * @param limitOf what has that limit, for the message
     */
    Allowance(InputStream in, long total, String limitOf) {
        super(in);
        this.total = total;
        this.limitOf = limitOf;
    }

    /** Allows so many bytes from here on, however many were allowed before. */
    void allow(long bytes) {
        now = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        long most = Math.min(total, now);
        if (length > 0 && most == 0) {
            throw new IOException(limitOf + " is too large");
        }
        int count = super.read(into, offset, (int) Math.min(length, most));
        if (count > 0) {
            total -= count;
            now -= count;
        }
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
