// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZeroPageTest {
    private static final int HEADER = 0x1f1;
    private static final int HEADER_END = 0x26c;

    /** Where the map of the disks' signatures starts. */
    private static final int BEHIND_HEADER = 0x290;

    private final byte[] running = new byte[4096];

    @Test
    void takesTheHeaderOfTheNextKernelAndTheRestOfTheRunningOne() throws IOException {
        Arrays.fill(running, (byte) 0x55);
        byte[] kernel = kernel();
        byte[] page =
                new ZeroPage(running).forKernel(BootHeader.of(kernel), false).bytes();

        byte[] expected = running.clone();
        System.arraycopy(kernel, HEADER, expected, HEADER, HEADER_END - HEADER);
        Arrays.fill(expected, HEADER_END, BEHIND_HEADER, (byte) 0);
        expected[0x1ef] = 0;
        expected[0x210] = (byte) 0xff;
        assertThat(page).isEqualTo(expected);
    }

    @Test
    void takesNoMoreOfALongHeaderThanThereIsRoomFor() throws IOException {
        Arrays.fill(running, (byte) 0x55);
        byte[] kernel = kernel();
        kernel[0x201] = (byte) 0xff;
        Arrays.fill(kernel, HEADER_END, 0x400, (byte) 0x77);
        byte[] page =
                new ZeroPage(running).forKernel(BootHeader.of(kernel), false).bytes();

        assertThat(page[BEHIND_HEADER - 1]).isEqualTo((byte) 0x77);
        assertThat(page[BEHIND_HEADER]).isEqualTo((byte) 0x55);
    }

    @Test
    void tellsTheKernelWhetherItIsPlacedAtRandom() throws IOException {
        byte[] kernel = kernel();
        for (byte flags : new byte[] {1, 3, (byte) 0x81}) {
            kernel[0x211] = flags;
            BootHeader header = BootHeader.of(kernel);
            assertThat(new ZeroPage(running).forKernel(header, true).bytes()[0x211])
                    .isEqualTo((byte) (flags | 2));
            assertThat(new ZeroPage(running).forKernel(header, false).bytes()[0x211])
                    .isEqualTo((byte) (flags & ~2));
        }
    }

    @Test
    void splitsAddressesAbove4Gib() throws IOException {
        ByteBuffer page = ByteBuffer.wrap(new ZeroPage(running)
                        .withInitrd(0x1_8765_4000L, 0x2_9000_0001L)
                        .withCommandLine(0x3_fedc_b000L)
                        .withSetupData(0x4_8000_0040L)
                        .bytes())
                .order(ByteOrder.LITTLE_ENDIAN);

        assertThat(page.getInt(0x218)).isEqualTo(0x8765_4000);
        assertThat(page.getInt(0x0c0)).isEqualTo(1);
        assertThat(page.getInt(0x21c)).isEqualTo(0x9000_0001);
        assertThat(page.getInt(0x0c4)).isEqualTo(2);
        assertThat(page.getInt(0x228)).isEqualTo(0xfedc_b000);
        assertThat(page.getInt(0x0c8)).isEqualTo(3);
        assertThat(page.getLong(0x250)).isEqualTo(0x4_8000_0040L);
    }

    @Test
    void forgetsWhereTheRunningKernelHadItsInitrdAndCommandLine() throws IOException {
        Arrays.fill(running, (byte) 0x55);
        byte[] page = new ZeroPage(running)
                .withInitrd(0, 0)
                .withCommandLine(0x1000)
                .withSetupData(0)
                .bytes();

        byte[] expected = running.clone();
        Arrays.fill(expected, 0x0c0, 0x0cc, (byte) 0);
        Arrays.fill(expected, 0x218, 0x220, (byte) 0);
        Arrays.fill(expected, 0x228, 0x22c, (byte) 0);
        expected[0x229] = 0x10;
        Arrays.fill(expected, 0x250, 0x258, (byte) 0);
        assertThat(page).isEqualTo(expected);
    }

    @Test
    void changesNothingOfWhatItWasGivenAndGave() throws IOException {
        ZeroPage page = new ZeroPage(running);
        byte[] before = page.bytes();
        page.withSetupData(-1);

        assertThat(running).isEqualTo(new byte[4096]);
        assertThat(before).isEqualTo(new byte[4096]);
    }

    @Test
    void seesThatTheFirmwareIsEfi() throws IOException {
        assertThat(new ZeroPage(running).obstacle()).isEmpty();
        ByteBuffer.wrap(running).put(0x1c0, new byte[] {'E', 'L', '6', '4'});
        assertThat(new ZeroPage(running).obstacle())
                .contains("the firmware is EFI, whose runtime services only kexec_file_load passes on");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4097, 8192})
    void refusesAPageOfAnotherLength(int length) {
        assertThatThrownBy(() -> new ZeroPage(new byte[length]))
                .isInstanceOf(IOException.class)
                .hasMessage("the running kernel's boot parameters have " + length + " bytes");
    }

    private static byte[] kernel() {
        byte[] kernel = BootFiles.kernelAround(new byte[8], 4 << 20);
        kernel[HEADER_END - 1] = 0x66;
        kernel[HEADER_END] = 0x77;
        return kernel;
    }
}
