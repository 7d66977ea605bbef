// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ZstdFrameTest {
    private static final byte[] MAGIC_AND_DESCRIPTOR = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0};
    private static final byte WINDOW_OF_128_MIB = (byte) (17 << 3);
    private static final int RAW = 0;
    private static final int RUN = 1;
    private static final int COMPRESSED = 2;
    private static final int LARGEST_BLOCK = 128 << 10;
    private static final int RUNS = 72;
    private static final int COPIED = 34;

    @Test
    void looksBackFurtherThanAStreamDoes() throws IOException {
        byte[] start = new byte[100];
        new SplittableRandom(1).nextBytes(start);
        byte[] expected =
                BootFiles.joined(start, new byte[RUNS * LARGEST_BLOCK], Arrays.copyOfRange(start, 10, 10 + COPIED));
        byte[] frame = lookingBack(start, expected.length - COPIED - 10);
        byte[] behind = BootFiles.joined(frame, BootFiles.word(expected.length));

        assertThat(ZstdFrame.whole(frame, expected.length)).isEqualTo(expected);
        assertThat(Compression.ZSTD.open(behind, expected.length).readAllBytes())
                .isEqualTo(expected);
        assertThatThrownBy(() -> Compression.ZSTD
                        .open(new BufferedInputStream(new ByteArrayInputStream(frame)))
                        .readAllBytes())
                .isInstanceOf(IOException.class);
    }

    /**
     * Some bytes, 9 MiB of zeros, and some of the first bytes again: RFC 8878. The last block has no literals, and one sequence whose codes
     * are given each by itself: no literal, an offset of 23 bits behind the first, a match of 34 bytes.
     */
    private static byte[] lookingBack(byte[] start, int offset) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(MAGIC_AND_DESCRIPTOR);
        frame.write(WINDOW_OF_128_MIB);
        frame.writeBytes(block(RAW, start.length, false, start));
        for (int run = 0; run < RUNS; run++) {
            frame.writeBytes(block(RUN, LARGEST_BLOCK, false, new byte[1]));
        }
        // Offsets up to 3 stand for those before.
        byte[] bits = Arrays.copyOf(BootFiles.word(offset + 3), 3);
        byte[] sequence = BootFiles.joined(new byte[] {0, 1, 0b01_01_01_00, 0, 23, 31}, bits);
        frame.writeBytes(block(COMPRESSED, sequence.length, true, sequence));
        return frame.toByteArray();
    }

    private static byte[] block(int type, int size, boolean last, byte[] content) {
        return BootFiles.joined(Arrays.copyOf(BootFiles.word(size << 3 | type << 1 | (last ? 1 : 0)), 3), content);
    }

    @Test
    void readsAFrameThatIsOneSegment() throws IOException {
        byte[] content = new byte[200];
        new SplittableRandom(2).nextBytes(content);
        // The size of the content is where other frames have their window, and looks like one of 16 GiB.
        byte[] frame = BootFiles.joined(
                Arrays.copyOf(MAGIC_AND_DESCRIPTOR, 4),
                new byte[] {1 << 5, (byte) content.length},
                block(RAW, content.length, true, content));

        assertThat(ZstdFrame.whole(frame, content.length)).isEqualTo(content);
    }

    @Test
    void refusesAnotherLengthThanItWasTold() throws IOException {
        byte[] frame = Packing.ZSTD.pack(new byte[1000]);

        assertThat(Compression.ZSTD.open(frame, 1000).readAllBytes()).isEqualTo(new byte[1000]);
        for (int length : new int[] {1, 999, 1001, 1 << 20}) {
            assertThatThrownBy(() -> Compression.ZSTD.open(frame, length))
                    .isInstanceOf(IOException.class)
                    .message()
                    .startsWith("the zstd data cannot be unpacked: ")
                    .hasLineCount(1);
        }
    }

    @Test
    void refusesAFrameThatIsCutOff() throws IOException {
        byte[] content = new byte[300];
        new SplittableRandom(4).nextBytes(content);
        byte[] frame = Packing.ZSTD.pack(content);

        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> Compression.ZSTD.open(cut, content.length))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the zstd data cannot be unpacked: it is cut off");
        }
    }
}
