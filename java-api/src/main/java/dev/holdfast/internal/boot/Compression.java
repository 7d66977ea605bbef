// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.SingleXZInputStream;

/** How a stream is compressed, told from its first bytes as the kernel does. */
enum Compression {
    NONE("", in -> in),
    GZIP("1f8b", GzipCompressorInputStream::new),
    XZ("fd377a585a00", in -> new SingleXZInputStream(in, Compression.XZ_MEMORY_KIB)),
    ZSTD("28b52ffd", in -> new ZstdInputStream(new ZstdFrame(in))),
    BZIP2("425a68"),
    LZMA("5d0000"),
    LZO("894c5a"),
    LZ4("02214c18");

    /** Enough for xz -9, which takes 65 MiB. */
    private static final int XZ_MEMORY_KIB = 100 << 10;

    private static final int LONGEST_MAGIC = 6;

    private interface Opening {
        InputStream open(InputStream in) throws IOException;
    }

    private final byte[] magic;
    private final Opening opening;

    Compression(String magic) {
        this(magic, in -> {
            throw new IOException("it is compressed with a method that is not read here; use gzip, xz, zstd or none");
        });
    }

    Compression(String magic, Opening opening) {
        this.magic = HexFormat.of().parseHex(magic);
        this.opening = opening;
    }

    /** That of the bytes that come next; they stay there. */
    static Compression of(InputStream in) throws IOException {
        byte[] next = Peek.at(in, LONGEST_MAGIC);
        return Arrays.stream(values())
                .filter(one -> one != NONE && one.begins(next))
                .findFirst()
                .orElse(NONE);
    }

    private boolean begins(byte[] bytes) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    /**
     * What one compressed stream holds. When it ends, {@code in} stands right behind it.
     *
     * @param in can be marked
     */
    InputStream open(InputStream in) throws IOException {
        return new Checked(name().toLowerCase(Locale.ROOT), () -> opening.open(in));
    }
}
