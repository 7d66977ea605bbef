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

    private KernelImage() {}

    /** The release that is written in an image, such as {@code 6.12.94-cloud-amd64}; empty if it is no bzImage. */
    public static Optional<String> release(Path file) throws IOException {
        ByteBuffer head;
        try (InputStream in = Files.newInputStream(file)) {
            head = ByteBuffer.wrap(in.readNBytes(READ)).order(ByteOrder.LITTLE_ENDIAN);
        }
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
