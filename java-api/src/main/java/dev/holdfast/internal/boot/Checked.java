// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.IOException;
import java.io.InputStream;

/** A stream of a decompressor, which may fail in many ways: each of them becomes an {@link IOException} of one line. */
final class Checked extends InputStream {
    /** Something that reads. */
    interface Reading<T> {
        T run() throws IOException;
    }

    private final String method;
    private final InputStream in;

    Checked(String method, Reading<InputStream> opening) throws IOException {
        this.method = method;
        this.in = checked(opening);
    }

    @Override
    public int read() throws IOException {
        return checked(in::read);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return checked(() -> in.read(into, offset, length));
    }

    private <T> T checked(Reading<T> reading) throws IOException {
        try {
            return reading.run();
        } catch (IOException | RuntimeException e) {
            throw new IOException("the " + method + " data cannot be unpacked: " + firstLine(e), e);
        } catch (LinkageError e) {
            // What unpacks zstd needs sun.misc.Unsafe, which Java takes away step by step.
            throw new IOException(
                    "the " + method + " data cannot be unpacked by this Java, which may need"
                            + " --sun-misc-unsafe-memory-access=allow for it",
                    e);
        }
    }

    private static String firstLine(Exception e) {
        String text = e.getMessage();
        return text == null
                ? e.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }
}
