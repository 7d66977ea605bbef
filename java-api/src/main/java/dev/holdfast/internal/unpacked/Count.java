// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.OutputStream;

/** Counts bytes. */
final class Count extends OutputStream {
    private long bytes;

    long bytes() {
        return bytes;
    }

    @Override
    public void write(int one) {
        bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
        bytes += length;
    }
}
