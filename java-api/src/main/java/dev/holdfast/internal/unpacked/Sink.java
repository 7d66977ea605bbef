// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Takes bytes until its memory is full. */
final class Sink extends OutputStream {
    private final ByteBuffer into;

    Sink(ByteBuffer into) {
        this.into = into;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > into.remaining()) {
            throw new IOException("it grows while it is read");
        }
        into.put(bytes, offset, length);
    }
}
