// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** A kernel image for x86 (bzImage), as Documentation/arch/x86/boot.rst describes it. */
public final class KernelImage {
    private static final int MAGIC_OFFSET = 0x202;
    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int VERSION_POINTER = 0x20e;
    private static final int VERSION_BASE = 0x200;
    private static final int LONGEST_RELEASE = 64;
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    /** The pointer has 16 bits. */
    private static final int READ = VERSION_BASE + 0xffff + LONGEST_RELEASE;

    private static final int PE_POINTER = 0x3c;
    private static final int PE_MAGIC = 0x4550; // "PE", two zeros

    /** From the magic on: 24 bytes of header, 112 of optional header, and then the fifth of the pairs of address and size. */
    private static final int CERTIFICATES = 24 + 112 + 4 * 8;

    private KernelImage() {}

    /**
     * Whether an image carries a signature, as an executable of UEFI does: in its header is where a table of certificates lies. By whom
     * it is signed is not looked at. Offsets: the PE format's optional header for 64 bits.
     */
    public static boolean signed(Path file) throws IOException {
        ByteBuffer head = head(file);
        if (head.limit() < PE_POINTER + Integer.BYTES) {
            return false;
        }
        int pe = head.getInt(PE_POINTER);
        if (pe < 0 || pe > head.limit() - CERTIFICATES - Long.BYTES || head.getInt(pe) != PE_MAGIC) {
            return false;
        }
        return head.getInt(pe + CERTIFICATES) != 0 && head.getInt(pe + CERTIFICATES + Integer.BYTES) != 0;
    }

    private static ByteBuffer head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ByteBuffer.wrap(in.readNBytes(READ)).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** The release that is written in an image, such as {@code 6.12.94-cloud-amd64}; empty if it is no bzImage. */
    public static Optional<String> release(Path file) throws IOException {
        ByteBuffer head = head(file);
        if (head.limit() < VERSION_POINTER + 2 || head.getInt(MAGIC_OFFSET) != MAGIC) {
            return Optional.empty();
        }
        int start = VERSION_BASE + Short.toUnsignedInt(head.getShort(VERSION_POINTER));
        if (start == VERSION_BASE || start >= head.limit()) {
            return Optional.empty();
        }
        String text = new String(
                head.array(), start, Math.min(LONGEST_RELEASE, head.limit() - start), StandardCharsets.ISO_8859_1);
        String release = text.split("[ \0]", 2)[0];
        return PRINTABLE.matcher(release).matches() ? Optional.of(release) : Optional.empty();
    }
}
