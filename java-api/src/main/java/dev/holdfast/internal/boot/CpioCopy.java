// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Copies one cpio archive as it is, byte for byte: Documentation/driver-api/early-userspace/buffer-format.rst. A library would write
 * it anew, and what the kernel makes of that is for the kernel to decide.
 */
final class CpioCopy {
    private static final int HEADER = 110;
    private static final int FILE_SIZE = 54;
    private static final int NAME_SIZE = 94;
    private static final int DIGITS = 8;
    private static final int ALIGNMENT = 4;
    private static final int LONGEST_NAME = 4097;
    private static final byte[] LAST = "TRAILER!!!\0".getBytes(StandardCharsets.US_ASCII);

    private CpioCopy() {}

    /** Copies it; {@code in} then stands behind its last entry. */
    static void of(InputStream in, OutputStream into) throws IOException {
        byte[] name;
        do {
            byte[] header = copied(in, into, HEADER);
            long nameSize = number(header, NAME_SIZE);
            if (!Initrd.isArchive(header) || nameSize > LONGEST_NAME) {
                throw new IOException("a cpio archive in it is damaged");
            }
            name = copied(in, into, (int) nameSize);
            copied(in, into, padding(HEADER + nameSize));
            long left = number(header, FILE_SIZE);
            int pad = padding(left);
            while (left > 0) {
                left -= copied(in, into, (int) Math.min(left, 1 << 16)).length;
            }
            copied(in, into, pad);
        } while (!Arrays.equals(name, LAST));
    }

    private static int padding(long bytes) {
        return (int) (-bytes & ALIGNMENT - 1);
    }

    private static long number(byte[] header, int at) throws IOException {
        try {
            return HexFormat.fromHexDigitsToLong(new String(header, at, DIGITS, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IOException("a cpio archive in it is damaged", e);
        }
    }

    private static byte[] copied(InputStream in, OutputStream into, int bytes) throws IOException {
        byte[] copied = in.readNBytes(bytes);
        if (copied.length < bytes) {
            throw new EOFException("it is cut off");
        }
        into.write(copied);
        return copied;
    }
}
