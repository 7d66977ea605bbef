// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class UnpackedKernelTest {
    private static final int ROOM = 1 << 20;
    private static final int BY = 0x600000;

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void putsPartsAtTheirPhysicalAddress(Packing packing) throws IOException {
        byte[] text = random(100_001);
        byte[] data = random(333);
        byte[] elf = new Vmlinux()
                .with(0, text)
                .withNote(random(50))
                .with(0x80000, data)
                .startingAt(0x70)
                .withRelocations(-1, 8, -1, 24, -1, 32)
                .bytes();

        ByteBuffer memory = memory();
        assertThat(unpack(BootFiles.kernelWith(packing, elf, ROOM), memory, 0)).isEqualTo(0x70);

        byte[] expected = new byte[ROOM];
        System.arraycopy(text, 0, expected, 0, text.length);
        System.arraycopy(data, 0, expected, 0x80000, data.length);
        assertThat(memory.array()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void movesWhatItPut(Packing packing) throws IOException {
        byte[] elf = new Vmlinux()
                .with(0, new byte[100])
                .with(0x1000, new byte[100])
                .startingAt(0x70)
                .withRelocations(-1, 8, -1, 24, -1, 32, 0x1060)
                .bytes();

        ByteBuffer memory = memory();
        assertThat(unpack(BootFiles.kernelWith(packing, elf, ROOM), memory, BY)).isEqualTo(0x70);

        assertThat(memory)
                .isEqualTo(
                        memory().putLong(8, BY).putInt(24, -BY).putInt(32, BY).putInt(0x1060, BY));
    }

    @Test
    void putsPartsInTheOrderOfTheFile() throws IOException {
        byte[] elf = new Vmlinux()
                .with(0x2000, new byte[] {1})
                .with(0, new byte[] {2})
                .bytes();
        byte[] other = elf.clone();
        System.arraycopy(elf, Vmlinux.PROGRAM_HEADERS, other, Vmlinux.PROGRAM_HEADERS + 56, 56);
        System.arraycopy(elf, Vmlinux.PROGRAM_HEADERS + 56, other, Vmlinux.PROGRAM_HEADERS, 56);
        assertThat(other).isNotEqualTo(elf);

        for (byte[] one : new byte[][] {elf, other}) {
            ByteBuffer memory = memory();
            unpack(BootFiles.kernelWith(Packing.GZIP, one, ROOM), memory, 0);
            assertThat(memory).isEqualTo(memory().put(0x2000, (byte) 1).put(0, (byte) 2));
        }
    }

    @Test
    void leavesAKernelWithoutRelocationsWhereItIsLinked() throws IOException {
        byte[] kernel = BootFiles.kernelWith(
                Packing.ZSTD, new Vmlinux().with(0, new byte[100]).bytes(), ROOM);

        ByteBuffer moved = memory();
        ByteBuffer left = memory();
        assertThat(unpack(kernel, moved, BY)).isZero();
        assertThat(unpack(kernel, left, 0)).isZero();
        assertThat(moved).isEqualTo(left);
    }

    @Test
    void refusesARelocationOutsideOfTheKernel() throws IOException {
        byte[] kernel = BootFiles.kernelWith(
                Packing.GZIP,
                new Vmlinux()
                        .with(0, new byte[100])
                        .withRelocations(-1, ROOM, -1)
                        .bytes(),
                ROOM);

        assertThatThrownBy(() -> unpack(kernel, memory(), BY))
                .isInstanceOf(IOException.class)
                .hasMessage("a relocation lies outside of it");
    }

    @ParameterizedTest
    @CsvSource({"894c5a4f, lzo", "425a6839, bzip2", "5d000080, lzma"})
    void saysBeforeThatItIsCompressedInAnotherWay(String magic, String name) throws IOException {
        byte[] payload = BootFiles.joined(HexFormat.of().parseHex(magic), new byte[8], BootFiles.word(5000));
        byte[] kernel = BootFiles.kernelAround(payload, ROOM);

        assertThat(UnpackedKernel.obstacle(BootHeader.of(kernel)))
                .contains("it is compressed with " + name + ", which is not read here");
        assertThatThrownBy(() -> unpack(kernel, memory(), 0))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("it is compressed with " + name);
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void seesNoObstacleInWhatItReads(Packing packing) throws IOException {
        byte[] kernel = BootFiles.kernelWith(packing, new byte[5000], ROOM);

        assertThat(UnpackedKernel.obstacle(BootHeader.of(kernel))).isEmpty();
        assertThatThrownBy(() -> unpack(kernel, memory(), 0))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no ELF file in it");
    }

    @Test
    void refusesAnElfFileThatIsCutOffAnywhere() throws IOException {
        byte[] elf = new Vmlinux()
                .with(0, random(100))
                .with(0x1000, random(9000))
                .withRelocations(-1, 8, -1, 24)
                .bytes();
        int end = elf.length - 16;
        ByteBuffer memory = memory();

        for (int length = 1; length < end; length += length < end - 300 ? 41 : 1) {
            byte[] kernel = BootFiles.kernelWith(Packing.LZ4, Arrays.copyOf(elf, length), ROOM);
            assertThatThrownBy(() -> unpack(kernel, memory, BY))
                    .isInstanceOf(IOException.class)
                    .message()
                    .isIn("there is no ELF file in it", "the ELF file in it is cut off");
        }
        for (int length : new int[] {end + 4, end + 8}) {
            byte[] kernel = BootFiles.kernelWith(Packing.LZ4, Arrays.copyOf(elf, length), ROOM);
            assertThatThrownBy(() -> unpack(kernel, memory, BY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("relocations");
        }
        unpack(BootFiles.kernelWith(Packing.LZ4, elf, ROOM), memory, BY);
    }

    /** Each byte of the headers becomes others: a kernel is refused in one line, or it starts inside of its memory. */
    @Test
    void refusesDamagedHeadersInOneLine() throws IOException {
        byte[] good = new Vmlinux()
                .with(0, random(100))
                .with(0x1000, random(100))
                .withRelocations(-1, 8, -1, 24)
                .bytes();
        ByteBuffer memory = memory();
        int refused = 0;
        for (int at = 0; at < Vmlinux.PROGRAM_HEADERS + 2 * 56; at++) {
            for (int flip : new int[] {0x01, 0x10, 0x7f, 0x80, 0xff}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                refused += refuses(BootFiles.kernelWith(Packing.LZ4, bad, ROOM), memory);
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void refusesNumbersThatMakeNoSense() throws IOException {
        byte[] good =
                new Vmlinux().with(0, random(100)).with(0x1000, random(100)).bytes();
        int[] places = {0x18, 0x20, 0x28, 64 + 0x08, 64 + 0x18, 64 + 0x20, 120 + 0x08, 120 + 0x18, 120 + 0x20};
        for (int place : places) {
            for (long value : new long[] {
                -1, -100, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, Vmlinux.LINKED_AT + ROOM
            }) {
                ByteBuffer bad = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
                bad.putLong(place, value);
                byte[] kernel = BootFiles.kernelWith(Packing.LZ4, bad.array(), ROOM);
                assertThatThrownBy(() -> unpack(kernel, memory(), BY))
                        .as("%x at %x", value, place)
                        .isInstanceOf(IOException.class)
                        .message()
                        .isNotNull()
                        .hasLineCount(1);
            }
        }
    }

    @Test
    void refusesAKernelThatLoadsNothing() throws IOException {
        for (byte[] elf : new byte[][] {
            new Vmlinux().bytes(), new Vmlinux().withNote(new byte[10]).bytes()
        }) {
            byte[] kernel = BootFiles.kernelWith(Packing.GZIP, elf, ROOM);
            assertThatThrownBy(() -> unpack(kernel, memory(), 0))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the ELF file in it loads nothing");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void refusesADamagedPayloadInOneLine(Packing packing) throws IOException {
        byte[] elf = new Vmlinux()
                .with(0, random(200))
                .withRelocations(-1, 8, -1, 24)
                .bytes();
        byte[] good = BootFiles.kernelWith(packing, elf, ROOM);
        int start = 0x4040;
        ByteBuffer memory = memory();
        int refused = 0;
        for (int at = start; at < good.length - 16; at++) {
            for (int flip : new int[] {0x01, 0x40, 0xff}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                refused += refuses(bad, memory);
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static int refuses(byte[] kernel, ByteBuffer memory) {
        try {
            assertThat(unpack(kernel, memory, BY)).isBetween(0L, ROOM - 1L);
            return 0;
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotNull().hasLineCount(1);
            return 1;
        }
    }

    private static long unpack(byte[] kernel, ByteBuffer memory, long by) throws IOException {
        return UnpackedKernel.unpack(BootHeader.of(kernel), memory, by);
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(random);
        return random;
    }
}
