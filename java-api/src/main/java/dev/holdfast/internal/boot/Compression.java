// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.SingleXZInputStream;

/** How a stream is compressed, told from its first bytes as the kernel does. */
public enum Compression {
    NONE(""),
    GZIP("1f8b"),
    XZ("fd377a585a00"),
    ZSTD("28b52ffd"),
    BZIP2("425a68"),
    LZMA("5d0000"),
    LZO("894c5a"),
    LZ4("02214c18");

    /** Enough for xz -9, which takes 65 MiB. */
    private static final int XZ_MEMORY_KIB = 100 << 10;

    /** Enough for what kernels are packed with since Linux 6.12: 128 MiB in scripts/xz_wrap.sh. */
    private static final int XZ_KERNEL_MEMORY_KIB = 130 << 10;

    private static final int LONGEST_MAGIC = 6;

    /** In hexadecimal. */
    private final String magic;

    Compression(String magic) {
        this.magic = magic;
    }

    /** That of the bytes that come next; they stay there. */
    public static Compression of(InputStream in) throws IOException {
        String next = HexFormat.of().formatHex(Peek.at(in, LONGEST_MAGIC));
        return Arrays.stream(values())
                .filter(one -> one != NONE && next.startsWith(one.magic))
                .findFirst()
                .orElse(NONE);
    }

    /** Whether {@link #open} knows it. */
    public boolean isRead() {
        return this != BZIP2 && this != LZMA && this != LZO;
    }

    /** Its name, as its tools are called. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What one compressed stream holds. When it ends, {@code in} stands right behind it.
     *
     * @param in can be marked
     */
    public InputStream open(InputStream in) throws IOException {
        String method = toString();
        return switch (this) {
            case NONE -> in;
            case GZIP -> new Checked(method, () -> new GzipCompressorInputStream(in));
            case XZ -> new Checked(method, () -> new SingleXZInputStream(in, XZ_MEMORY_KIB));
            case ZSTD -> new Checked(method, () -> new ZstdInputStream(new ZstdFrame(in)));
            case LZ4 -> new Checked(method, () -> new Lz4Blocks(in));
            case BZIP2, LZMA, LZO ->
                throw new IOException("it is compressed with " + method
                        + ", which is not read here; use gzip, xz, zstd, lz4 or none");
        };
    }

    /**
     * What a compressed stream of known length holds, also where it takes more of what came before than {@link #open} keeps.
     *
     * @param compressed all of it; what follows it is not looked at
     * @param length how long it is when unpacked, in bytes
     */
    public InputStream open(byte[] compressed, int length) throws IOException {
        String method = toString();
        InputStream in = new BufferedInputStream(new ByteArrayInputStream(compressed));
        return switch (this) {
            case XZ -> new Checked(method, () -> new SingleXZInputStream(in, XZ_KERNEL_MEMORY_KIB));
            case ZSTD -> new Checked(method, () -> new ByteArrayInputStream(ZstdFrame.whole(compressed, length)));
            case LZ4 -> new Checked(method, () -> new Lz4Blocks(in, length));
            default -> open(in);
        };
    }
}
