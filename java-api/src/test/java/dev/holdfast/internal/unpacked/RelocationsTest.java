// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RelocationsTest {
    private static final long LINKED_AT = 16 << 20;
    private static final long BY = 0x12e00000L;
    private static final int ROOM = 64;

    @Test
    void movesByTheThreeListsOfOlderKernels() throws IOException {
        ByteBuffer kernel = kernel();
        kernel.putLong(8, 0xffffffff81000010L).putLong(16, 0x0000_0001_ffff_ffffL);
        kernel.putInt(24, 0x1000).putInt(28, 0x81000020).putInt(32, 0xf0000000);

        relocations(0, at(8), at(16), 0, at(24), 0, at(28), at(32)).apply(kernel, LINKED_AT, BY);

        ByteBuffer expected = kernel();
        expected.putLong(8, 0xffffffff93e00010L).putLong(16, 0x0000_0002_12df_ffffL);
        expected.putInt(24, 0x1000 - (int) BY).putInt(28, 0x93e00020).putInt(32, 0x02e00000);
        assertThat(kernel).isEqualTo(expected);
    }

    @Test
    void movesByTheTwoListsOfNewerKernels() throws IOException {
        ByteBuffer kernel = kernel();
        kernel.putLong(8, 0xffffffff81000010L).putInt(28, 0x81000020);

        relocations(0, at(8), 0, at(28)).apply(kernel, LINKED_AT, BY);

        assertThat(kernel).isEqualTo(kernel().putLong(8, 0xffffffff93e00010L).putInt(28, 0x93e00020));
    }

    @Test
    void changesTheFirstAndTheLastBytesOfAKernel() throws IOException {
        ByteBuffer kernel = kernel();

        relocations(0, at(0), 0, at(ROOM - 4)).apply(kernel, LINKED_AT, BY);

        assertThat(kernel).isEqualTo(kernel().putLong(0, BY).putInt(ROOM - 4, (int) BY));
    }

    @Test
    void takesEmptyLists() throws IOException {
        ByteBuffer kernel = kernel();
        Relocations relocations = relocations(0, 0, at(24), 0);
        relocations.apply(kernel, LINKED_AT, BY);

        assertThat(relocations.any()).isTrue();
        assertThat(kernel).isEqualTo(kernel().putInt(24, -(int) BY));
    }

    @Test
    void knowsThatAKernelHasNone() throws IOException {
        assertThat(relocations().any()).isFalse();
        assertThat(Relocations.of(ByteBuffer.allocate(3)).any()).isFalse();
        assertThat(relocations(0, 0).any()).isTrue();
    }

    @Test
    void passesOverHalfAWordAtTheEnd() throws IOException {
        ByteBuffer kernel = kernel();
        byte[] words = Arrays.copyOf(words(0, 0, at(28)).array(), 15);
        Relocations.of(ByteBuffer.wrap(words).order(ByteOrder.LITTLE_ENDIAN)).apply(kernel, LINKED_AT, BY);

        assertThat(kernel).isEqualTo(kernel().putInt(28, (int) BY));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 1000})
    void refusesAnotherNumberOfLists(int lists) {
        assertThatThrownBy(() -> relocations(new int[lists]))
                .isInstanceOf(IOException.class)
                .hasMessage("it has " + lists + " lists of relocations, not 2 or 3");
    }

    @Test
    void refusesARelocationOutsideOfTheKernel() {
        for (int outside : new int[] {at(-1), at(-8), at(ROOM), at(ROOM - 3), 1, -1, 0x7fffffff, 0x80000000}) {
            for (int[] words :
                    new int[][] {{0, outside, 0, 0}, {0, 0, outside, 0}, {0, 0, 0, outside}, {0, 0, outside}}) {
                assertThatThrownBy(() -> relocations(words).apply(kernel(), LINKED_AT, BY))
                        .isInstanceOf(IOException.class)
                        .hasMessage("a relocation lies outside of it");
            }
        }
        assertThatThrownBy(() -> relocations(0, at(ROOM - 7), 0, 0).apply(kernel(), LINKED_AT, BY))
                .isInstanceOf(IOException.class)
                .hasMessage("a relocation lies outside of it");
    }

    private static int at(int offset) {
        return (int) (0x80000000L + LINKED_AT + offset);
    }

    private static ByteBuffer kernel() {
        return ByteBuffer.allocate(ROOM).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Relocations relocations(int... words) throws IOException {
        return Relocations.of(words(words));
    }

    private static ByteBuffer words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes;
    }
}
