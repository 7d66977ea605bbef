// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BootHeaderTest {
    private static final String NO_KERNEL = "it is no bzImage of a relocatable 64-bit kernel";
    private static final String NO_SIZE = "its size makes no sense";
    private static final String NO_PLACE = "its place in memory makes no sense";
    private static final int ROOM = 4 << 20;
    private static final byte[] PAYLOAD = {1, 2, 3, 4, 5, 0, 0, 0x20, 0};

    @Test
    void readsWhatABootLoaderNeeds() throws IOException {
        BootHeader header = BootHeader.of(kernel());

        assertThat(header.payload()).isEqualTo(PAYLOAD);
        assertThat(header.unpackedLength()).isEqualTo(2 << 20);
        assertThat(header.alignment()).isEqualTo(2 << 20);
        assertThat(header.linkedAt()).isEqualTo(16 << 20);
        assertThat(header.room()).isEqualTo(ROOM);
        assertThat(header.bytes().limit()).isEqualTo(0x26c - 0x1f1);
        assertThat(header.bytes().get(0x210 - 0x1f1)).isZero();
        assertThat(header.bytes().get(0x211 - 0x1f1)).isEqualTo((byte) 1);
    }

    @Test
    void refusesWhatIsNoKernelForThis() {
        refuses(NO_KERNEL, image -> image.putInt(0x202, 0x53726449));
        refuses(NO_KERNEL, image -> image.putShort(0x206, (short) 0x20b));
        refuses(NO_KERNEL, image -> image.putShort(0x236, (short) 0x7d));
        refuses(NO_KERNEL, image -> image.putShort(0x236, (short) 0x7e));
        refuses(NO_KERNEL, image -> image.putShort(0x236, (short) 0));
    }

    @Test
    void takesTheOldestVersionWithWhatItReads() throws IOException {
        assertThat(BootHeader.of(changed(image -> image.putShort(0x206, (short) 0x20c)))
                        .room())
                .isEqualTo(ROOM);
        assertThat(BootHeader.of(changed(image -> image.putShort(0x206, (short) 0xffff)))
                        .room())
                .isEqualTo(ROOM);
    }

    @Test
    void refusesAFileThatEndsAnywhereBeforeItsKernelDoes() {
        byte[] kernel = kernel();
        int end = kernel.length - 16;
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(kernel, length);
            refuses(
                    length < 0x26c ? NO_KERNEL : "it is cut off",
                    () -> BootHeader.of(cut).payload());
        }
    }

    @Test
    void refusesAFileThatEndsInsideALongerHeader() {
        byte[] cut = Arrays.copyOf(changed(image -> image.put(0x201, (byte) 0xff)), 0x300);

        refuses(NO_KERNEL, () -> BootHeader.of(cut));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesALengthOfThePayloadThatMakesNoSense(int length) {
        refuses(
                "it is cut off",
                () -> BootHeader.of(changed(image -> image.putInt(0x24c, length)))
                        .payload());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x60, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesAPayloadThatLiesBehindTheFile(int offset) {
        refuses(
                "it is cut off",
                () -> BootHeader.of(changed(image -> image.putInt(0x248, offset)))
                        .payload());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, ROOM + 1})
    void refusesAKernelThatDoesNotFitWhereItIsPut(int length) {
        int end = kernel().length - 16;
        refuses(
                NO_SIZE,
                () -> BootHeader.of(changed(image -> image.putInt(end - 4, length)))
                        .unpackedLength());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 30) - (16 << 20) + 1})
    void refusesARoomThatMakesNoSense(int room) {
        refuses(NO_SIZE, image -> image.putInt(0x260, room));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 3 << 20, (2 << 20) + 1, -1, 64 << 20})
    void refusesAnAlignmentThatMakesNoSense(int alignment) {
        refuses(NO_PLACE, image -> image.putInt(0x230, alignment));
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 20, -1, -(2 << 20), Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, (1L << 30) + (2 << 20)})
    void refusesAnAddressThatMakesNoSense(long address) {
        refuses(NO_PLACE, image -> image.putLong(0x258, address));
    }

    /** Each byte of the header becomes each of some others: a kernel is refused, or all of it can be asked for. */
    @Test
    void whateverIsWrongIsOneLine() {
        int refused = 0;
        for (int at = 0x1f1; at < 0x26c; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                byte[] bad = kernel();
                bad[at] = (byte) value;
                try {
                    BootHeader header = BootHeader.of(bad);
                    assertThat(header.payload()).hasSizeGreaterThanOrEqualTo(4);
                    assertThat(header.unpackedLength()).isBetween(1, header.room());
                    assertThat(header.linkedAt() + header.room()).isLessThanOrEqualTo(1 << 30);
                    assertThat(header.bytes().limit()).isPositive();
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotNull().hasLineCount(1);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    private static byte[] kernel() {
        return BootFiles.kernelAround(PAYLOAD, ROOM);
    }

    private static byte[] changed(Consumer<ByteBuffer> change) {
        ByteBuffer image = ByteBuffer.wrap(kernel()).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(image);
        return image.array();
    }

    private static void refuses(String message, Consumer<ByteBuffer> change) {
        refuses(message, () -> BootHeader.of(changed(change)));
    }

    private static void refuses(String message, ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOf(IOException.class).hasMessage(message);
    }
}
