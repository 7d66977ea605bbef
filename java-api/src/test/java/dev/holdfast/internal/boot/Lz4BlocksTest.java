// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Lz4BlocksTest {
    private static final int LARGEST = 8 << 20;

    @Test
    void joinsBlocksOfDifferentSizes() throws IOException {
        assertThat(read(BootFiles.joined(
                        BootFiles.LZ4_MAGIC,
                        BootFiles.lz4Block(bytes("one ")),
                        BootFiles.lz4Block(bytes("two ".repeat(1000))),
                        BootFiles.lz4Block(bytes("three")))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("one " + "two ".repeat(1000) + "three");
    }

    /** Neither of them becomes smaller, and the first is as large as a block may be. */
    @Test
    void readsBlocksThatAreLargerThanWhatIsInThem() throws IOException {
        byte[] content = new byte[LARGEST + 12345];
        new SplittableRandom(3).nextBytes(content);
        byte[] packed = Packing.LZ4.pack(content);

        assertThat(packed).hasSizeGreaterThan(content.length);
        assertThat(read(packed)).isEqualTo(content);
    }

    /** printf of ten digits two thousand times, then lz4 -l -9. */
    @Test
    void readsWhatTheToolMakes() throws IOException {
        assertThat(
                        read(
                                Base64.getDecoder()
                                        .decode(
                                                "AiFMGGIAAACvMDEyMzQ1Njc4OQoA////////////////////////////////////////////////////////////////////////////////////////////////////////TFA1Njc4OQ==")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("0123456789".repeat(2000));
    }

    @Test
    void goesOnInAStreamThatIsPutBehind() throws IOException {
        assertThat(read(BootFiles.joined(
                        Packing.LZ4.pack(bytes("one")), BootFiles.LZ4_MAGIC, Packing.LZ4.pack(bytes("two")))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("onetwo");
    }

    @Test
    void leavesWhatIsNoSizeOfABlock() throws IOException {
        InputStream in = stream(BootFiles.joined(Packing.LZ4.pack(bytes("text")), BootFiles.word(60 << 20)));

        assertThat(new Lz4Blocks(in).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("text");
        assertThat(in.readAllBytes()).isEqualTo(BootFiles.word(60 << 20));
    }

    @Test
    void leavesTheLengthOfASmallKernelToo() throws IOException {
        byte[] packed = BootFiles.joined(Packing.LZ4.pack(bytes("text")), BootFiles.word(4));

        assertThat(new Lz4Blocks(stream(packed), 4).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("text");
        assertThat(Compression.LZ4.open(packed, 4).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("text");
    }

    @Test
    void readsByteForByte() throws IOException {
        InputStream in = new Lz4Blocks(stream(Packing.LZ4.pack(new byte[] {(byte) 0xff, 1})));

        assertThat(in.read(new byte[3], 1, 0)).isZero();
        assertThat(in.read()).isEqualTo(0xff);
        assertThat(in.read()).isEqualTo(1);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(new byte[3], 1, 2)).isEqualTo(-1);
    }

    @Test
    void refusesABlockThatUnpacksToMoreThanOneMayHold() throws IOException {
        byte[] packed = BootFiles.joined(BootFiles.LZ4_MAGIC, BootFiles.lz4Block(new byte[LARGEST + 1]));

        assertThatThrownBy(() -> read(packed)).isInstanceOf(IOException.class).hasMessage("a block in it is too large");
    }

    @Test
    void refusesWhatIsCutOffInABlock() throws IOException {
        byte[] content = new byte[100];
        new SplittableRandom(5).nextBytes(content);
        byte[] packed = Packing.LZ4.pack(content);

        // The magic number and a size by themselves are the first bytes of nothing.
        for (int length = 8; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class).hasMessage("it is cut off");
        }
    }

    @Test
    void whateverIsWrongIsOneLine() throws IOException {
        byte[] good = Packing.LZ4.pack(bytes("some text, some text and some more text".repeat(5)));
        int refused = 0;
        for (int at = 4; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                try {
                    Compression.LZ4.open(stream(bad)).readAllBytes();
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotNull().hasLineCount(1);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    private static byte[] read(byte[] packed) throws IOException {
        return new Lz4Blocks(stream(packed)).readAllBytes();
    }

    private static InputStream stream(byte[] bytes) {
        return new BufferedInputStream(new ByteArrayInputStream(bytes));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
