// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.IOException;
import java.io.InputStream;

/** Looks at what comes next in a stream that can be marked, and leaves it there. */
final class Peek {
    private Peek() {}

    /** The next bytes, fewer at the end of the stream. */
    static byte[] at(InputStream in, int bytes) throws IOException {
        in.mark(bytes);
        byte[] next = in.readNBytes(bytes);
        in.reset();
        return next;
    }

    /** Goes past zeros. */
    static void pastZeros(InputStream in) throws IOException {
        int next;
        do {
            in.mark(1);
            next = in.read();
        } while (next == 0);
        in.reset();
    }
}
