// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.abi.ExtentLeafLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.fsck.MadeRegion.Run;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a region, it is looked at to the end, and what can be repaired is. */
class FsckFuzzTest {
    private static final Set<Repair> ALL = EnumSet.allOf(Repair.class);
    private static final int REGIONS = 250;
    private static final int RECORDS = 9;

    /** Numbers that are near to something. */
    private static final long[] TELLING = {
        0,
        1,
        2,
        4,
        66,
        67,
        168,
        255,
        256,
        MadeRegion.SLOTS,
        4096,
        8192,
        MadeRegion.DATA,
        FormatConstants.REGION_MIN_SIZE,
        FormatConstants.FILE_MAX,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -4096,
        -1
    };

    private record Block(long offset, int size, int checksumAt) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void fields_of_any_value_with_right_checksums_end_in_a_report_and_a_repair(int seed) {
        Random random = new Random(seed);
        for (int region = 0; region < REGIONS; region++) {
            MadeRegion made = region();
            List<Block> blocks = blocks();
            for (int change = random.nextInt(6); change >= 0; change--) {
                mutate(made, blocks.get(random.nextInt(blocks.size())), random);
            }
            checkAndRepair(made);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_table_of_noise_is_freed_record_by_record(int seed) {
        MadeRegion made = region();
        byte[] noise = new byte[2 * MadeRegion.SLOTS * RecordLayout.SIZE];
        new Random(seed).nextBytes(noise);
        made.put(FormatConstants.TABLE_OFFSET, noise);

        FsckReport report = checkAndRepair(made);

        assertThat(report.findings()).isEmpty();
        assertThat(report.summary().orElseThrow().recordsUsed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void noise_is_no_region(int seed) {
        MadeRegion made = region();
        byte[] noise = new byte[2 * (int) MadeRegion.DATA];
        new Random(seed).nextBytes(noise);
        made.put(0, noise);

        assertThat(checkAndRepair(made).isMountable()).isFalse();
    }

    private static FsckReport checkAndRepair(MadeRegion made) {
        FsckReport before = Fsck.check(made);
        assertThat(made.writes()).isZero();

        FsckOutcome outcome = Fsck.repair(made, ALL);

        assertThat(outcome.repaired().isEmpty())
                .isEqualTo(before.findings().stream()
                        .noneMatch(finding -> finding.repair().isPresent()));
        assertThat(outcome.after().findings())
                .noneMatch(finding -> finding.repair().isPresent());
        assertThat(Fsck.repair(made, ALL).repaired()).isEmpty();
        return outcome.after();
    }

    private static MadeRegion region() {
        return MadeRegion.sparse()
                .directory(1, 0, "a")
                .directory(2, 1, "b")
                .directory(3, 2, "c")
                .file(4, 3, "d", new Run(0, 0, 2), new Run(4, 2, 1))
                .file(5, 3, "e", new Run(0, 10, 2))
                .leafFile(
                        6, 1, "f", 100, new Run[] {new Run(0, 20, 1), new Run(2, 30, 1)}, new Run[] {new Run(5, 40, 1)})
                .file(7, 0, "g")
                .change(7, record -> record.supersedes(8), 0, 1);
    }

    private static List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int copy = 0; copy < 2; copy++) {
            blocks.add(new Block(
                    copy * FormatConstants.SUPERBLOCK_COPY_STRIDE,
                    SuperblockLayout.SIZE,
                    SuperblockLayout.OFFSET_CHECKSUM));
            for (long number = 0; number < RECORDS; number++) {
                blocks.add(new Block(
                        MadeRegion.recordOffset(number, copy), RecordLayout.SIZE, RecordLayout.OFFSET_CHECKSUM));
            }
            for (int leaf = 0; leaf < 2; leaf++) {
                blocks.add(new Block(
                        MadeRegion.DATA + (100 + 2 * leaf + copy) * MadeRegion.BLOCK,
                        ExtentLeafLayout.SIZE,
                        ExtentLeafLayout.OFFSET_CHECKSUM));
            }
        }
        return blocks;
    }

    private static void mutate(MadeRegion made, Block block, Random random) {
        byte[] bytes = made.bytes(block.offset(), block.size());
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // Most of what counts stands in the first bytes; the rest are extents.
        int field = random.nextInt(random.nextInt(4) == 0 ? block.size() / 4 - 1 : 40) * 4;
        long value = random.nextInt(5) == 0 ? random.nextLong() : TELLING[random.nextInt(TELLING.length)];
        if (random.nextBoolean()) {
            numbers.putInt(field, (int) value);
        } else {
            numbers.putLong(field, value);
        }
        if (random.nextInt(8) != 0) {
            MadeRegion.seal(bytes, block.checksumAt());
        }
        made.put(block.offset(), bytes);
    }
}
