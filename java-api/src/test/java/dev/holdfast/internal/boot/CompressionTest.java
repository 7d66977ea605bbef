// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompressionTest {
    private static final byte[] TEXT = "text".repeat(1000).getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void opensAPayloadOfKnownLength(Packing packing) throws IOException {
        byte[] packed = BootFiles.joined(packing.pack(TEXT), BootFiles.word(TEXT.length));
        Compression compression = Compression.of(new ByteArrayInputStream(packed));

        assertThat(compression).hasToString(packing.name().toLowerCase(Locale.ROOT));
        assertThat(compression.isRead()).isTrue();
        assertThat(compression.open(packed, TEXT.length).readAllBytes()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource
    void saysBeforeWhatItDoesNotOpen(Compression compression) {
        byte[] some = {1, 2, 3};
        if (compression.isRead()) {
            assertThat(compression).isNotIn(Compression.BZIP2, Compression.LZMA, Compression.LZO);
            return;
        }
        assertThatThrownBy(() -> compression.open(some, some.length))
                .isInstanceOf(IOException.class)
                .hasMessage("it is compressed with " + compression
                        + ", which is not read here; use gzip, xz, zstd, lz4 or none");
    }

    /** As scripts/xz_wrap.sh does since Linux 6.12. Only the dictionary is large, not what is packed with it. */
    @Test
    void opensAKernelWithALargeDictionary() throws IOException {
        byte[] packed = withDictionary(Packing.XZ.pack(TEXT), 128);

        assertThat(Compression.XZ.open(packed, TEXT.length).readAllBytes()).isEqualTo(TEXT);
        assertThatThrownBy(() -> Compression.XZ
                        .open(withDictionary(packed, 256), TEXT.length)
                        .readAllBytes())
                .isInstanceOf(IOException.class)
                .message()
                .hasLineCount(1);
    }

    /** The first block's header, behind that of the stream: its length, flags, the filter, length, dictionary, zeros, CRC32. */
    private static byte[] withDictionary(byte[] xz, int mebibytes) {
        int header = 12;
        int length = (xz[header] + 1) * 4;
        ByteBuffer changed = ByteBuffer.wrap(xz.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int power = Integer.numberOfTrailingZeros(mebibytes) + 20;
        changed.put(header + 4, (byte) (2 * (power - 12)));
        CRC32 sum = new CRC32();
        sum.update(changed.array(), header, length - 4);
        changed.putInt(header + length - 4, (int) sum.getValue());
        return changed.array();
    }
}
