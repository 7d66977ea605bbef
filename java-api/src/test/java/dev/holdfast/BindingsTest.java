// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.abi.Errno;
import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatArgs;
import dev.holdfast.abi.Ioctls;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RegionFlags;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.abi.SuperblockLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The generated types, as this library uses them. The numbers are written out here: they are the interface. */
final class BindingsTest {
    private static final UUID IDENTITY = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @Test
    void numbersTheIoctlsAsCDoes() {
        // _IOW(0xb7, 0, 80 bytes) and _IOWR(0xb7, 1, 256 bytes)
        assertThat(Ioctls.FORMAT).isEqualTo(0x4050b700L);
        assertThat(Ioctls.REGION_INFO).isEqualTo(0xc100b701L);
    }

    @Test
    void putsFormatArgumentsWhereTheModuleReadsThem() {
        try (FormatArgs arguments = new FormatArgs()) {
            arguments
                    .flags(1)
                    .regionBase(0x1_0000_0000L)
                    .regionSize(0x4000_0000L)
                    .recordSlots(2048)
                    .label("g\u00e4ste");

            ByteBuffer memory = arguments.pointer().getByteBuffer(0, FormatArgs.SIZE);

            assertThat(memory.getInt(0)).isEqualTo(80);
            assertThat(memory.getInt(4)).isEqualTo(1);
            assertThat(memory.getLong(8)).isEqualTo(0x1_0000_0000L);
            assertThat(memory.getLong(16)).isEqualTo(0x4000_0000L);
            assertThat(memory.getInt(24)).isEqualTo(2048);
            assertThat(memory.getInt(28)).isZero();
            byte[] label = new byte[32];
            memory.get(48, label);
            assertThat(new String(label, StandardCharsets.UTF_8)).isEqualTo("g\u00e4ste" + "\0".repeat(26));
        }
    }

    @Test
    void readsARegionInfoAsTheModuleWritesIt() {
        try (RegionInfo info = new RegionInfo()) {
            ByteBuffer memory = info.pointer().getByteBuffer(0, RegionInfo.SIZE);
            assertThat(memory.getInt(0)).isEqualTo(256);
            memory.putInt(4, RegionFlags.MOUNTED);
            memory.putLong(8, 0x1_0000_0000L).putLong(16, 0x4000_0000L).putLong(24, 0x60_0000L);
            memory.putLong(32, 3).putLong(40, 4).putLong(48, 5).putLong(56, 6).putLong(64, 1_700_000_000L);
            memory.putInt(72, 1)
                    .putInt(76, 2048)
                    .putInt(80, 7)
                    .putInt(84, 8)
                    .putInt(88, 9)
                    .putInt(92, 10);
            memory.putLong(96, 1_500_000).putLong(104, 0x1000);
            for (int index = 0; index < 16; index++) {
                memory.put(112 + index, (byte) (index * 0x11));
            }
            memory.put(128, "guests".getBytes(StandardCharsets.UTF_8));
            memory.put(160, "6.1.0-56-cloud-amd64".getBytes(StandardCharsets.UTF_8));

            assertThat(RegionDescription.of(info, List.of(PhysicalRange.parse("1G$4G"))))
                    .isEqualTo(new RegionDescription(
                            PhysicalRange.parse("1G$4G"),
                            true,
                            false,
                            IDENTITY,
                            "guests",
                            1,
                            Instant.ofEpochSecond(1_700_000_000L),
                            "6.1.0-56-cloud-amd64",
                            3,
                            4,
                            5,
                            6,
                            0x60_0000L,
                            0x1000,
                            2048,
                            7,
                            8,
                            9,
                            10,
                            Duration.ofNanos(1_500_000),
                            List.of(PhysicalRange.parse("1G$4G"))));
        }
    }

    @Test
    void laysOutRecordsInLittleEndianAtAnyPosition() {
        ByteBuffer table = ByteBuffer.allocate(3 * RecordLayout.SIZE);
        RecordLayout record = new RecordLayout(table, 2048);

        record.number(0x0102030405060708L).extents(65).length(0x1122);

        assertThat(RecordLayout.SIZE).isEqualTo(2048);
        assertThat(table.get(2048 + 16)).isEqualTo((byte) 8);
        assertThat(table.get(2048 + 23)).isEqualTo((byte) 1);
        assertThat(table.get(2048 + 464 + 65 * ExtentLayout.SIZE + 16)).isEqualTo((byte) 0x22);
        assertThat(record.extents(65).length()).isEqualTo(0x1122);
        assertThat(table.position()).isZero();
    }

    @Test
    void laysOutTheSuperblock() {
        ByteBuffer block = ByteBuffer.allocate(SuperblockLayout.SIZE);
        new SuperblockLayout(block, 0).magic(0x54534146444c4f48L).version(1);

        assertThat(SuperblockLayout.SIZE).isEqualTo(4096);
        assertThat(new String(block.array(), 0, 8, StandardCharsets.US_ASCII)).isEqualTo("HOLDFAST");
        assertThat(block.get(SuperblockLayout.OFFSET_VERSION)).isEqualTo((byte) 1);
    }

    @Test
    void knowsErrorNumbersByNameAndNumber() {
        assertThat(Errno.EMEDIUMTYPE.number()).isEqualTo(124);
        assertThat(Errno.of(117)).contains(Errno.EUCLEAN);
        assertThat(Errno.of(0)).isEmpty();
        assertThat(Errno.of(524)).isEmpty();
    }
}
