// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.abi.ExtentLeafLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.fsck.FsckFinding.Kind;
import dev.holdfast.fsck.MadeRegion.Run;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FsckTest {
    private static final Set<Repair> ALL = EnumSet.allOf(Repair.class);
    private static final long LEAF = MadeRegion.DATA + 100 * MadeRegion.BLOCK;

    /** A root with a directory, files in both, one with leaves, and a free slot. */
    private static MadeRegion region() {
        return MadeRegion.sparse()
                .directory(1, 0, "vms")
                .file(2, 1, "one", new Run(0, 0, 10), new Run(20, 10, 5))
                .file(3, 0, "two", new Run(0, 20, 1))
                .leafFile(4, 1, "many", 100, new Run[] {new Run(0, 200, 1), new Run(2, 210, 1)}, new Run[] {
                    new Run(10, 220, 1), new Run(12, 230, 3)
                })
                .file(5, 0, "gone")
                .change(5, record -> record.type(RecordType.FREE), 0, 1);
    }

    @Test
    void a_whole_region_is_clean_and_counted() {
        FsckReport report = Fsck.check(region());

        assertThat(report.findings()).isEmpty();
        assertThat(report.isMountable()).isTrue();
        long data = FormatConstants.REGION_MIN_SIZE - MadeRegion.DATA;
        long used = (10 + 5 + 1 + 4 + 1 + 1 + 1 + 3) * MadeRegion.BLOCK;
        assertThat(report.summary())
                .contains(new FsckSummary(
                        MadeRegion.SLOTS, 2, 3, 0, data, used, 0, data - used, data - 233 * MadeRegion.BLOCK, 7, 2, 2));
        assertThat(report.summary().orElseThrow().recordsFree()).isEqualTo(MadeRegion.SLOTS - 5);
        assertThat(report.summary().orElseThrow().fragmentation()).isBetween(0.0, 0.02);
        assertThat(report).hasToString("nothing is wrong");
    }

    @Test
    void a_check_tells_how_far_it_has_come() {
        List<Long> told = new ArrayList<>();
        Fsck.check(region(), (done, all) -> {
            assertThat(all).isEqualTo(MadeRegion.SLOTS);
            told.add(done);
        });
        assertThat(told).isSorted().endsWith((long) MadeRegion.SLOTS);
    }

    /** A first block of the further range that is for data. */
    private static final long FAR_BLOCK =
            (MadeRegion.FURTHER + FormatConstants.RANGE_DATA_OFFSET - MadeRegion.DATA) / MadeRegion.BLOCK;

    private static MadeRegion wide() {
        return region().furtherRange()
                .file(6, 0, "far", new Run(0, FAR_BLOCK, 8))
                .leafFile(7, 0, "far leaf", FAR_BLOCK + 10, new Run[] {new Run(0, FAR_BLOCK + 20, 1)});
    }

    @Test
    void what_is_in_a_further_range_counts() {
        FsckReport report = Fsck.check(wide());

        assertThat(report.findings()).isEmpty();
        FsckSummary summary = report.summary().orElseThrow();
        assertThat(summary.dataSize())
                .isEqualTo(2 * FormatConstants.REGION_MIN_SIZE - MadeRegion.DATA - FormatConstants.RANGE_DATA_OFFSET);
        assertThat(summary.dataFree()).isEqualTo(summary.dataSize() - summary.dataUsed());
        assertThat(summary.largestFree())
                .isEqualTo(FormatConstants.REGION_MIN_SIZE - FormatConstants.RANGE_DATA_OFFSET - 21 * MadeRegion.BLOCK);
    }

    @Test
    void memory_between_the_ranges_or_over_the_end_of_one_is_no_file_s() {
        long end = (MadeRegion.FURTHER + FormatConstants.REGION_MIN_SIZE - MadeRegion.DATA) / MadeRegion.BLOCK;
        for (Run run : List.of(
                new Run(0, FAR_BLOCK - 1, 1), new Run(0, end - 1, 2), new Run(0, end, 1), new Run(0, 40_000, 1))) {
            assertThat(Fsck.check(wide().file(8, 0, "wrong", run)).findings())
                    .as(run.toString())
                    .extracting(FsckFinding::kind, FsckFinding::record)
                    .containsExactly(tuple(Kind.RECORD_DAMAGED, 8L));
        }
    }

    @Test
    void a_region_that_lacks_a_range_is_not_looked_into() {
        FsckReport report = Fsck.check(wide().loseFurtherRange());

        assertThat(report.findings()).extracting(FsckFinding::kind).containsExactly(Kind.RANGE_LOST);
        assertThat(report.findings().get(0).what())
                .isEqualTo("its range 0x118000000+0x8000000 is lost: it is not in the image");
        assertThat(report.isMountable()).isFalse();
        assertThat(report.summary()).isEmpty();
    }

    @Test
    void a_range_that_does_not_say_that_it_is_the_region_s_is_lost() {
        MadeRegion foreign = wide();
        for (int copy = 0; copy < 2; copy++) {
            foreign.rangeHead(
                    copy, head -> head.uuid(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
        }
        MadeRegion blank = wide().flip(MadeRegion.FURTHER).flip(MadeRegion.FURTHER + 0x10000);

        assertThat(Fsck.check(foreign).findings()).extracting(FsckFinding::kind).containsExactly(Kind.RANGE_LOST);
        assertThat(Fsck.check(blank).findings()).extracting(FsckFinding::kind).containsExactly(Kind.RANGE_LOST);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, 100, 0x10000, 0x10fff})
    void a_head_of_which_a_copy_is_bad_is_written_again(long at) {
        MadeRegion region = wide().flip(MadeRegion.FURTHER + at);

        assertThat(Fsck.check(region).findings()).extracting(FsckFinding::kind).containsExactly(Kind.RANGE_COPY);
        assertThat(Fsck.repair(region, ALL).after().isClean()).isTrue();
        assertThat(region.content()).isEqualTo(wide().content());
    }

    @Test
    void a_list_of_ranges_that_makes_no_sense_loses_the_superblock() {
        for (Consumer<SuperblockLayout> wrong : List.<Consumer<SuperblockLayout>>of(
                superblock -> superblock.rangeCount(FormatConstants.RANGES_MAX + 1),
                superblock -> superblock.rangeCount(2),
                superblock -> superblock
                        .rangeCount(2)
                        .ranges(1)
                        .physical(MadeRegion.BASE + MadeRegion.FURTHER)
                        .size(FormatConstants.REGION_MIN_SIZE),
                superblock -> superblock.ranges(0).physical(MadeRegion.BASE),
                superblock -> superblock.ranges(0).size(FormatConstants.REGION_MIN_SIZE + 4096))) {
            assertThat(Fsck.check(wide().superblock(wrong, 0, 1)).findings())
                    .extracting(FsckFinding::kind)
                    .containsExactly(Kind.SUPERBLOCK_LOST);
        }
        // Without the feature it is no list.
        assertThat(Fsck.check(region().superblock(superblock -> superblock.rangeCount(77), 0, 1))
                        .findings())
                .isEmpty();
    }

    private record Case(String name, Consumer<MadeRegion> damage, Kind kind, long record, String what) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Consumer<MadeRegion> damage, Kind kind, long record, String what) {
        return new Case(name, damage, kind, record, what);
    }

    /** Everything that can be repaired, each as the only damage. */
    static List<Case> cases() {
        return List.of(
                of(
                        "superblock A flipped",
                        r -> r.flip(100),
                        Kind.SUPERBLOCK_COPY,
                        -1,
                        "the first copy of the superblock: its checksum is wrong"),
                of(
                        "superblock B without magic",
                        r -> r.flip(0x10000),
                        Kind.SUPERBLOCK_COPY,
                        -1,
                        "the second copy of the superblock: it has no magic number"),
                of(
                        "superblock B older",
                        r -> r.superblock(s -> s.generation(7), 0),
                        Kind.SUPERBLOCK_COPY,
                        -1,
                        "it is not what the other says"),
                of(
                        "superblock A of another geometry",
                        r -> r.superblock(s -> s.tableB(s.tableB() + 2048), 0),
                        Kind.SUPERBLOCK_COPY,
                        -1,
                        "its geometry is not that of a region"),
                of(
                        "superblock B of another base",
                        r -> r.superblock(s -> s.base(s.base() + (1 << 27)), 1),
                        Kind.SUPERBLOCK_COPY,
                        -1,
                        "its geometry is not that of a region"),
                record("record A flipped", r -> r.flip(MadeRegion.recordOffset(2, 0) + 300), "its checksum is wrong"),
                record("record B flipped", r -> r.flip(MadeRegion.recordOffset(2, 1) + 300), "its checksum is wrong"),
                record("record B without magic", r -> r.flip(MadeRegion.recordOffset(2, 1)), "it has no magic number"),
                copy("older copy", x -> x.sequence(1), "it is older than the other"),
                copy("copies that tie", x -> x.uid(7), "it is as new as the other and says something else"),
                copy("number of another", x -> x.number(3), "it says that it is record 3"),
                copy("unknown type", x -> x.type(9), "there is no type 9"),
                copy("parent beyond the table", x -> x.parent(MadeRegion.SLOTS), "no record 1024 to be its parent"),
                copy("mode with more bits", x -> x.mode(0100644), "there is no mode 0100644"),
                copy("no name", x -> x.nameLength(0), "its name cannot be one"),
                copy("name with a slash", x -> x.name("a/b"), "its name cannot be one"),
                copy("name with a zero", x -> x.name("a"), "its name cannot be one"),
                copy("name of two dots", x -> x.name("..").nameLength(2), "its name cannot be one"),
                copy("name too long", x -> x.nameLength(256), "its name cannot be one"),
                copy("replaced itself", x -> x.supersedes(2), "it cannot have replaced record 2"),
                copy("replaced the root", x -> x.supersedes(0), "it cannot have replaced record 0"),
                copy("nanoseconds", x -> x.mtimeNanoseconds(1_000_000_000), "a second or more of nanoseconds"),
                copy("directory with memory", x -> x.type(RecordType.DIRECTORY), "it is a directory and has memory"),
                copy("too many extents", x -> x.extentCount(67), "its extents cannot be"),
                copy("size beyond all", x -> x.size(-1), "its extents cannot be"),
                copy("extent in the table", x -> x.extents(0).regionOffset(0x200000), "its extents cannot be"),
                copy("extent beyond the end", x -> x.extents(0).length(1 << 27), "its extents cannot be"),
                copy("extent without an end", x -> x.extents(0).length(-4096), "its extents cannot be"),
                copy("extent off its blocks", x -> x.extents(0).regionOffset(MadeRegion.DATA + 1), "cannot be"),
                copy("extents out of order", x -> x.extents(1).fileOffset(0), "its extents cannot be"),
                copy("two sorts of leaves", x -> x.leaves(2), "its extents cannot be"),
                copy("leaves that are none", x -> x.leaves(1), "its extents cannot be"),
                of(
                        "first commit torn",
                        r -> r.put(MadeRegion.recordOffset(9, 0), r.bytes(MadeRegion.recordOffset(2, 0), 100)),
                        Kind.UNFINISHED_COMMIT,
                        9,
                        "the first copy: its checksum is wrong"),
                of(
                        "first commit the wrong way round",
                        r -> r.put(MadeRegion.recordOffset(9, 1), r.bytes(MadeRegion.recordOffset(2, 0), 100)),
                        Kind.RECORD_DAMAGED,
                        9,
                        "the first: it was never written; the second: its checksum is wrong"),
                of(
                        "both copies flipped",
                        r -> r.flip(MadeRegion.recordOffset(2, 0) + 300).flip(MadeRegion.recordOffset(2, 1) + 44),
                        Kind.RECORD_DAMAGED,
                        2,
                        "the first: its checksum is wrong; the second: its checksum is wrong"),
                of(
                        "both copies of an unknown type",
                        r -> r.change(2, x -> x.type(9), 0, 1),
                        Kind.RECORD_DAMAGED,
                        2,
                        "there is no type 9"),
                of(
                        "root flipped twice",
                        r -> r.flip(MadeRegion.recordOffset(0, 0) + 300).flip(MadeRegion.recordOffset(0, 1) + 44),
                        Kind.ROOT_DAMAGED,
                        0,
                        "the root directory cannot be used"),
                of(
                        "root a file",
                        r -> r.change(0, x -> x.type(RecordType.FILE), 0, 1),
                        Kind.ROOT_DAMAGED,
                        0,
                        "the root directory cannot be used"),
                of(
                        "rename not finished",
                        r -> r.change(3, x -> x.supersedes(2), 0, 1),
                        Kind.SUPERSEDED,
                        2,
                        "record 3 has replaced it by a rename"),
                of(
                        "leaf A flipped",
                        r -> r.flip(LEAF + 70),
                        Kind.LEAF_COPY,
                        4,
                        "the first copy of a leaf: its checksum is wrong"),
                of(
                        "leaf B without magic",
                        r -> r.flip(LEAF + 4096),
                        Kind.LEAF_COPY,
                        4,
                        "the second copy of a leaf: it has no magic number"),
                of(
                        "leaf flipped twice",
                        r -> r.flip(LEAF + 70).flip(LEAF + 4096 + 70),
                        Kind.LEAF_DAMAGED,
                        4,
                        "the leaf for what it has from byte 0 on is damaged: the first copy: its checksum is wrong"),
                leaf("leaf of another", x -> x.owner(2), "it belongs to record 2"),
                leaf("leaf of one before", x -> x.generation(2), "it belongs to a file that had this record before"),
                leaf("leaf of nothing", x -> x.extentCount(0), "it cannot list 0 extents"),
                leaf("leaf of too many", x -> x.extentCount(169), "it cannot list 169 extents"),
                leaf("leaf in no order", x -> x.extents(1).fileOffset(0), "its extents cannot be those of a file"),
                leaf("leaf elsewhere", x -> x.extents(0).fileOffset(4096), "it is not where the record says"),
                leaf(
                        "leaf into the next",
                        x -> x.extents(1).length(20 * MadeRegion.BLOCK),
                        "it is not where the record says"),
                of(
                        "two files in one place",
                        r -> r.change(3, x -> x.extents(0).regionOffset(MadeRegion.DATA + 12 * 4096), 0, 1),
                        Kind.OVERLAP,
                        3,
                        "its memory, 4096 bytes at 0x60c000, belongs to record 2 too"),
                of(
                        "one file twice in one place",
                        r -> r.change(2, x -> x.extents(1).regionOffset(MadeRegion.DATA), 0, 1),
                        Kind.OVERLAP,
                        2,
                        "belongs to record 2 too"),
                of(
                        "a leaf in a file",
                        r -> r.change(3, x -> x.extents(0).regionOffset(LEAF).length(8192), 0, 1),
                        Kind.OVERLAP,
                        4,
                        "its memory, 8192 bytes at 0x664000, belongs to record 3 too"),
                of(
                        "parent not there",
                        r -> r.change(3, x -> x.parent(77), 0, 1),
                        Kind.ORPHAN,
                        3,
                        "its parent, record 77, is not there; a mount shows it as /#3"),
                of(
                        "parent free",
                        r -> r.change(3, x -> x.parent(5), 0, 1),
                        Kind.ORPHAN,
                        3,
                        "its parent, record 5, is not there; a mount shows it as /#3"),
                of(
                        "parent a file",
                        r -> r.change(3, x -> x.parent(2), 0, 1),
                        Kind.ORPHAN,
                        3,
                        "its parent, record 2, is a file; a mount shows it as /#3"),
                of(
                        "own parent",
                        r -> r.change(1, x -> x.parent(1), 0, 1),
                        Kind.ORPHAN,
                        1,
                        "it is in a circle of directories; a mount shows it as /#1"),
                of(
                        "circle of two",
                        r -> r.directory(7, 1, "seven").change(1, x -> x.parent(7), 0, 1),
                        Kind.ORPHAN,
                        1,
                        "it is in a circle of directories; a mount shows it as /#1"),
                of(
                        "name of another",
                        r -> r.change(3, x -> x.name("vms").nameLength(3), 0, 1),
                        Kind.DUPLICATE_NAME,
                        3,
                        "another has its name \"vms\" in directory 0; a mount shows it as /#3"));
    }

    private static Case record(String name, Consumer<MadeRegion> damage, String what) {
        return new Case(name, damage, Kind.RECORD_COPY, 2, what);
    }

    /** The second copy of record 2 changed, with a right checksum. */
    private static Case copy(String name, Consumer<RecordLayout> change, String what) {
        return record(name, region -> region.change(2, change, 1), what);
    }

    /** Both copies of the first leaf changed, with right checksums. */
    private static Case leaf(String name, Consumer<ExtentLeafLayout> change, String what) {
        return new Case(name, region -> region.leaf(LEAF, change), Kind.LEAF_DAMAGED, 4, what);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void each_damage_is_found_alone_and_gone_when_repaired(Case damage) {
        MadeRegion region = region();
        damage.damage().accept(region);
        Map<Long, ByteBuffer> before = region.content();

        FsckReport report = Fsck.check(region);

        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(damage.kind());
            assertThat(finding.record()).isEqualTo(damage.record());
            assertThat(finding.what()).contains(damage.what());
            assertThat(finding.repair()).isPresent();
        });
        assertThat(region.writes()).isZero();
        FsckOutcome nothing = Fsck.repair(region, Set.of());
        assertThat(nothing.repaired()).isEmpty();
        assertThat(nothing.after().findings()).isEqualTo(report.findings());
        assertThat(region.content()).isEqualTo(before);

        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(outcome.repaired()).containsExactlyElementsOf(report.findings());
        assertThat(outcome.after().findings()).isEmpty();
        long writes = region.writes();
        assertThat(writes).isPositive();
        assertThat(Fsck.repair(region, ALL).repaired()).isEmpty();
        assertThat(region.writes()).isEqualTo(writes);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void what_was_not_chosen_is_left_as_it_is(Case damage) {
        MadeRegion region = region();
        damage.damage().accept(region);
        Map<Long, ByteBuffer> before = region.content();
        EnumSet<Repair> others = EnumSet.allOf(Repair.class);
        others.remove(damage.kind().repair().orElseThrow());

        FsckOutcome outcome = Fsck.repair(region, others);

        assertThat(outcome.repaired()).isEmpty();
        assertThat(outcome.after().findings()).hasSize(1);
        assertThat(region.content()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_repair_that_is_stopped_leaves_nothing_worse(Case damage) {
        MadeRegion whole = region();
        damage.damage().accept(whole);
        FsckReport before = Fsck.check(whole);
        MadeRegion trial = whole.copy();
        Fsck.repair(trial, ALL);

        for (long stop = 0; stop < trial.writes(); stop++) {
            MadeRegion region = whole.copy().stopAfter(stop);
            assertThat(stops(region)).isTrue();

            FsckReport after = Fsck.check(region);

            assertThat(after.recordsDamaged()).isLessThanOrEqualTo(before.recordsDamaged());
            assertThat(!before.isMountable() || after.isMountable()).isTrue();
            assertThat(after.summary().map(FsckSummary::recordsUsed).orElse(0))
                    .isGreaterThanOrEqualTo(
                            before.summary().map(FsckSummary::recordsUsed).orElse(0));
            region.stopAfter(Long.MAX_VALUE);
            assertThat(Fsck.repair(region, ALL).after().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_change_that_is_stopped_spares_the_only_good_copy(int bad) {
        MadeRegion whole =
                region().change(3, record -> record.parent(77), 0, 1).flip(MadeRegion.recordOffset(3, bad) + 300);
        MadeRegion trial = whole.copy();
        assertThat(Fsck.repair(trial, Set.of(Repair.ATTACH_ORPHAN)).after().findings())
                .isEmpty();

        for (long stop = 0; stop < trial.writes(); stop++) {
            MadeRegion region = whole.copy().stopAfter(stop);

            assertThatThrownBy(() -> Fsck.repair(region, Set.of(Repair.ATTACH_ORPHAN)))
                    .isInstanceOf(MadeRegion.Stopped.class);

            assertThat(Fsck.check(region).recordsDamaged()).isZero();
        }
    }

    private static boolean stops(MadeRegion region) {
        try {
            Fsck.repair(region, ALL);
            return false;
        } catch (MadeRegion.Stopped e) {
            return true;
        }
    }

    @Test
    void a_good_copy_is_what_is_written() {
        MadeRegion region = region();
        byte[] good = region.bytes(MadeRegion.recordOffset(2, 0), RecordLayout.SIZE);
        region.flip(MadeRegion.recordOffset(2, 1) + 300);

        Fsck.repair(region, Repair.harmless());

        assertThat(region.bytes(MadeRegion.recordOffset(2, 1), RecordLayout.SIZE))
                .isEqualTo(good);
        assertThat(region.bytes(MadeRegion.recordOffset(2, 0), RecordLayout.SIZE))
                .isEqualTo(good);
    }

    @Test
    void the_newer_copy_is_what_is_written() {
        MadeRegion region = region().change(2, record -> record.sequence(1).uid(9), 1);

        Fsck.repair(region, Repair.harmless());

        assertThat(region.record(2, 0).uid()).isZero();
        assertThat(region.record(2, 1).uid()).isZero();
    }

    @Test
    void harmless_repairs_lose_nothing() {
        assertThat(Repair.harmless())
                .containsExactlyInAnyOrder(
                        Repair.REWRITE_SUPERBLOCK,
                        Repair.REWRITE_COPY,
                        Repair.BURY_SUPERSEDED,
                        Repair.ATTACH_ORPHAN,
                        Repair.RENAME_DUPLICATE);
    }

    @Test
    void single_findings_can_be_chosen() {
        MadeRegion region =
                region().flip(MadeRegion.recordOffset(2, 1) + 300).flip(MadeRegion.recordOffset(3, 1) + 300);

        FsckOutcome outcome = Fsck.repair(region, finding -> finding.record() == 3);

        assertThat(outcome.repaired()).extracting(FsckFinding::record).containsExactly(3L);
        assertThat(outcome.after().findings()).extracting(FsckFinding::record).containsExactly(2L);
        assertThat(outcome.after().recordsRepaired()).isEqualTo(1);
    }

    @Test
    void memory_that_a_damaged_record_claims_is_withheld_until_it_is_freed() {
        MadeRegion region = region().change(2, record -> record.type(9), 0, 1);
        FsckSummary whole = Fsck.check(region()).summary().orElseThrow();

        FsckReport report = Fsck.check(region);

        FsckSummary summary = report.summary().orElseThrow();
        assertThat(report.recordsDamaged()).isEqualTo(1);
        assertThat(summary.recordsDamaged()).isEqualTo(1);
        assertThat(summary.dataWithheld()).isEqualTo(15 * MadeRegion.BLOCK);
        assertThat(summary.dataFree()).isEqualTo(whole.dataFree());
        assertThat(summary.recordsFree()).isEqualTo(whole.recordsFree());

        FsckSummary after = Fsck.repair(region, Set.of(Repair.FREE_DAMAGED))
                .after()
                .summary()
                .orElseThrow();

        assertThat(after.dataWithheld()).isZero();
        assertThat(after.dataFree()).isEqualTo(whole.dataFree() + 15 * MadeRegion.BLOCK);
        assertThat(after.recordsFree()).isEqualTo(whole.recordsFree() + 1);
        assertThat(region.record(2, 0).sequence()).isGreaterThan(region.sequence());
    }

    @Test
    void retired_pages_are_withheld_and_those_that_a_file_has_are_its_own() {
        FsckSummary whole = Fsck.check(region()).summary().orElseThrow();
        long file = region().record(2, 0).extents(0).regionOffset();
        MadeRegion region = region().superblock(
                        s -> {
                            s.retiredCount(2);
                            s.retired(0).regionOffset(file).length(MadeRegion.BLOCK);
                            s.retired(1)
                                    .regionOffset(MadeRegion.DATA + (32 << 20))
                                    .length(2 * MadeRegion.BLOCK);
                        },
                        0,
                        1);

        FsckReport report = Fsck.check(region);

        assertThat(report.findings()).isEmpty();
        FsckSummary summary = report.summary().orElseThrow();
        assertThat(summary.dataUsed()).isEqualTo(whole.dataUsed());
        assertThat(summary.dataWithheld()).isEqualTo(2 * MadeRegion.BLOCK);
        assertThat(summary.dataFree()).isEqualTo(whole.dataFree() - 2 * MadeRegion.BLOCK);
    }

    @ParameterizedTest
    @CsvSource({"86,0x800000,0x1000", "1,0x1000,0x1000", "1,0x800800,0x1000", "1,0x800000,0", "1,0x800000,0x8000000"})
    void a_list_of_retired_pages_that_makes_no_sense_damages_its_superblock(int count, Long offset, Long length) {
        MadeRegion region = region().superblock(
                        s -> {
                            s.retiredCount(count);
                            s.retired(0).regionOffset(offset).length(length);
                        },
                        1);

        assertThat(Fsck.check(region).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.SUPERBLOCK_COPY);
            assertThat(finding.what()).contains("its list of retired pages makes no sense");
        });
    }

    @Test
    void cutting_a_file_leaves_a_hole_where_the_memory_of_another_was() {
        MadeRegion region = region().file(6, 0, "cut", new Run(0, 50, 1), new Run(1, 12, 1), new Run(4, 51, 2));

        Fsck.repair(region, Set.of(Repair.CUT_FILE));

        RecordLayout record = region.record(6, 0);
        assertThat(record.size()).isEqualTo(6 * MadeRegion.BLOCK);
        assertThat(record.extentCount()).isEqualTo(2);
        assertThat(record.extents(1).fileOffset()).isEqualTo(4 * MadeRegion.BLOCK);
        assertThat(record.extents(1).regionOffset()).isEqualTo(MadeRegion.DATA + 51 * MadeRegion.BLOCK);
        assertThat(record.extents(2).length()).isZero();
    }

    @Test
    void cutting_a_file_ends_it_where_the_format_knows_no_holes() {
        MadeRegion region = MadeRegion.plain()
                .file(1, 0, "one", new Run(0, 0, 4))
                .file(2, 0, "cut", new Run(0, 50, 1), new Run(1, 3, 1), new Run(2, 51, 2));

        FsckOutcome outcome = Fsck.repair(region, Set.of(Repair.CUT_FILE));

        assertThat(outcome.after().findings()).isEmpty();
        RecordLayout record = region.record(2, 1);
        assertThat(record.size()).isEqualTo(MadeRegion.BLOCK);
        assertThat(record.extentCount()).isEqualTo(1);
    }

    @Test
    void a_format_without_holes_takes_none() {
        MadeRegion hole = MadeRegion.plain().file(1, 0, "hole", new Run(1, 0, 4));
        MadeRegion longer = MadeRegion.plain()
                .file(1, 0, "longer", new Run(0, 0, 4))
                .change(1, record -> record.size(4 * MadeRegion.BLOCK + 1), 0, 1);

        assertThat(Fsck.check(hole).findings()).extracting(FsckFinding::kind).containsExactly(Kind.RECORD_DAMAGED);
        assertThat(Fsck.check(longer).findings()).extracting(FsckFinding::kind).containsExactly(Kind.RECORD_DAMAGED);
    }

    @Test
    void what_hangs_below_a_lost_directory_is_found_again() {
        MadeRegion region =
                region().flip(MadeRegion.recordOffset(1, 0) + 300).flip(MadeRegion.recordOffset(1, 1) + 300);

        FsckReport report = Fsck.check(region);
        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(report.findings())
                .extracting(FsckFinding::kind)
                .containsExactly(Kind.RECORD_DAMAGED, Kind.ORPHAN, Kind.ORPHAN);
        assertThat(outcome.after().findings()).isEmpty();
        assertThat(region.record(2, 0).parent()).isZero();
        assertThat(region.record(2, 0).name()).isEqualTo("#2");
        assertThat(region.record(4, 0).name()).isEqualTo("#4");
    }

    @Test
    void a_name_that_is_taken_gets_a_number_more() {
        MadeRegion region = region().file(6, 0, "#3").change(3, record -> record.parent(77), 0, 1);

        // Slot by slot: 3 takes its name first, so that 6 has to give way.
        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(outcome.after().findings()).isEmpty();
        assertThat(region.record(3, 0).name()).isEqualTo("#3");
        assertThat(region.record(6, 0).name()).isEqualTo("#6");
    }

    @Test
    void the_second_of_two_equal_names_gets_a_number_more() {
        MadeRegion region = region().file(2, 0, "#7").file(7, 0, "#7");

        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(outcome.after().findings()).isEmpty();
        assertThat(region.record(2, 0).name()).isEqualTo("#7");
        assertThat(region.record(7, 0).name()).isEqualTo("#7.1");
    }

    @Test
    void a_region_without_a_superblock_is_none_and_one_with_a_root_is_damaged() {
        MadeRegion empty = MadeRegion.sparse();
        empty.put(0, new byte[0x20000]);
        empty.put(FormatConstants.TABLE_OFFSET, new byte[RecordLayout.SIZE]);
        MadeRegion lost = MadeRegion.sparse();
        lost.put(0, new byte[0x20000]);

        assertRefused(empty, Kind.NOT_A_REGION, "there is no superblock");
        assertRefused(lost, Kind.SUPERBLOCK_LOST, "no copy of the superblock is good");
        assertRefused(region().flip(100).flip(0x10064), Kind.SUPERBLOCK_LOST, "its checksum is wrong");
    }

    @Test
    void a_region_of_the_future_is_not_looked_into() {
        assertRefused(region().superblock(s -> s.version(2), 0, 1), Kind.FUTURE_VERSION, "format version 2");
        assertRefused(
                region().superblock(s -> s.incompat(1L << 40), 0, 1), Kind.UNKNOWN_FEATURE, "features 0x10000000000");
        // The newer copy speaks, even where the other could be used.
        assertRefused(
                region().superblock(s -> s.incompat(1L << 40).generation(2), 1),
                Kind.UNKNOWN_FEATURE,
                "features 0x10000000000");
    }

    @ParameterizedTest
    @ValueSource(longs = {0x10000000L, 0x40000000L})
    void an_image_that_is_too_short_is_not_looked_into(long size) {
        assertRefused(
                region().superblock(s -> s.size(size), 0, 1),
                Kind.TRUNCATED,
                "there are 134217728 of the region's " + size + " bytes");
    }

    private static void assertRefused(MadeRegion region, Kind kind, String what) {
        Map<Long, ByteBuffer> before = region.content();

        FsckReport report = Fsck.check(region);
        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(report.isMountable()).isFalse();
        assertThat(report.summary()).isEmpty();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.what()).contains(what);
            assertThat(finding.severity()).isEqualTo(Severity.FATAL);
            assertThat(finding.repair()).isEmpty();
        });
        assertThat(outcome.repaired()).isEmpty();
        assertThat(region.content()).isEqualTo(before);
    }

    @Test
    void a_region_with_features_that_a_writer_must_know_is_looked_at_and_not_written_to() {
        MadeRegion region =
                region().superblock(s -> s.roCompat(1L << 40), 0, 1).flip(MadeRegion.recordOffset(2, 1) + 300);

        FsckOutcome outcome = Fsck.repair(region, ALL);

        assertThat(outcome.repaired()).isEmpty();
        assertThat(outcome.after().findings())
                .extracting(FsckFinding::kind)
                .containsExactly(Kind.UNKNOWN_RO_FEATURE, Kind.RECORD_COPY);
        assertThat(outcome.after().isMountable()).isTrue();
        assertThat(region.writes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,0"})
    void a_finding_says_where_what_and_how_in_one_line(long record, int copy) {
        MadeRegion region = region().flip(MadeRegion.recordOffset(record, copy) + 300);

        assertThat(Fsck.check(region))
                .hasToString(
                        "note: record " + record + " at 0x" + Long.toHexString(MadeRegion.recordOffset(record, copy))
                                + ": the " + (copy == 0 ? "first" : "second")
                                + " copy: its checksum is wrong; repair (REWRITE_COPY): write it again from the other copy");
    }
}
