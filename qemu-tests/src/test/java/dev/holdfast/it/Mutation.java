// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import dev.holdfast.abi.SuperblockLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Changes the image of a region in ways that memory, a stray pointer or a hostile hand might. Most of what it changed gets right
 * checksums, since nothing else gets past them. The same seed makes the same changes.
 */
final class Mutation {

    private static final long PAGE = FormatConstants.BLOCK_SIZE;

    /** Records that are likely to be in use. */
    private static final int LIVELY = 16;

    private static final List<Field> FIELDS = List.of(
            new Field("magic", RecordLayout.OFFSET_MAGIC, 4),
            new Field("sequence", RecordLayout.OFFSET_SEQUENCE, 8),
            new Field("number", RecordLayout.OFFSET_NUMBER, 8),
            new Field("parent", RecordLayout.OFFSET_PARENT, 8),
            new Field("supersedes", RecordLayout.OFFSET_SUPERSEDES, 8),
            new Field("type", RecordLayout.OFFSET_TYPE, 4),
            new Field("mode", RecordLayout.OFFSET_MODE, 4),
            new Field("size", RecordLayout.OFFSET_SIZE, 8),
            new Field("atime_seconds", RecordLayout.OFFSET_ATIME_SECONDS, 8),
            new Field("mtime_seconds", RecordLayout.OFFSET_MTIME_SECONDS, 8),
            new Field("ctime_nanoseconds", RecordLayout.OFFSET_CTIME_NANOSECONDS, 4),
            new Field("generation", RecordLayout.OFFSET_GENERATION, 4),
            new Field("extent_count", RecordLayout.OFFSET_EXTENT_COUNT, 4),
            new Field("name_length", RecordLayout.OFFSET_NAME_LENGTH, 4));

    private static final List<Field> SUPERBLOCK_FIELDS = List.of(
            new Field("magic", SuperblockLayout.OFFSET_MAGIC, 8),
            new Field("version", SuperblockLayout.OFFSET_VERSION, 4),
            new Field("compat", SuperblockLayout.OFFSET_COMPAT, 8),
            new Field("ro_compat", SuperblockLayout.OFFSET_RO_COMPAT, 8),
            new Field("incompat", SuperblockLayout.OFFSET_INCOMPAT, 8),
            new Field("generation", SuperblockLayout.OFFSET_GENERATION, 8),
            new Field("base", SuperblockLayout.OFFSET_BASE, 8),
            new Field("size", SuperblockLayout.OFFSET_SIZE, 8),
            new Field("record_slots", SuperblockLayout.OFFSET_RECORD_SLOTS, 4),
            new Field("record_size", SuperblockLayout.OFFSET_RECORD_SIZE, 4),
            new Field("table_a", SuperblockLayout.OFFSET_TABLE_A, 8),
            new Field("table_b", SuperblockLayout.OFFSET_TABLE_B, 8),
            new Field("data_offset", SuperblockLayout.OFFSET_DATA_OFFSET, 8),
            new Field("retired_count", SuperblockLayout.OFFSET_RETIRED_COUNT, 4),
            new Field("label", SuperblockLayout.OFFSET_LABEL + 24, 8),
            new Field("writer_release", SuperblockLayout.OFFSET_WRITER_RELEASE + 56, 8));

    private record Field(String name, int offset, int bytes) {}

    private final RegionImage image;
    private final SplittableRandom random;
    private final Set<byte[]> unsealed = new HashSet<>();
    private final List<String> said = new ArrayList<>();

    private Mutation(RegionImage image, SplittableRandom random) {
        this.image = image;
        this.random = random;
    }

    /** Changes an image and returns what it did, for people. */
    static String of(RegionImage image, long seed) {
        Mutation mutation = new Mutation(image, new SplittableRandom(seed));
        for (int changes = 1 + mutation.random.nextInt(4); changes > 0; changes--) {
            mutation.change();
        }
        mutation.seal();
        return String.join("; ", mutation.said);
    }

    private void change() {
        int record = random.nextInt(LIVELY);
        switch (random.nextInt(14)) {
            case 0 -> flipBits(record);
            case 1, 2, 3 -> setField(record);
            case 4 -> setExtentField(record);
            case 5 -> layOut(record);
            case 6 -> borrow(record);
            case 7 -> ring();
            case 8 -> chain();
            case 9 -> tear(record);
            case 10 -> outOfStep(record);
            case 11 -> fillWithNoise(record);
            case 12 -> appear();
            default -> changeSuperblock();
        }
    }

    private void flipBits(int record) {
        int bit = random.nextInt(8 * RecordLayout.SIZE);
        say("flip bit %d of record %d", bit, record);
        for (byte[] copy : copies(record)) {
            copy[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private void setField(int record) {
        Field field = FIELDS.get(random.nextInt(FIELDS.size()));
        set(copies(record), field, value(record), "record " + record);
    }

    private void setExtentField(int record) {
        int extent = RecordLayout.OFFSET_EXTENTS + random.nextInt(4) * ExtentLayout.SIZE;
        Field field = new Field("extent at " + extent, extent + 8 * random.nextInt(3), 8);
        long value = random.nextBoolean() ? value(record) : random.nextLong(1 << 15) * PAGE;
        set(copies(record), field, value, "record " + record);
    }

    private void set(List<byte[]> blocks, Field field, long value, String what) {
        say("%s of %s = 0x%x", field.name(), what, value);
        for (byte[] block : blocks) {
            ByteBuffer buffer = little(block);
            if (field.bytes() == Integer.BYTES) {
                buffer.putInt(field.offset(), (int) value);
            } else {
                buffer.putLong(field.offset(), value);
            }
        }
    }

    /** A number that might be mistaken for a good one, or overflow. */
    private long value(int record) {
        long[] values = {
            0,
            1,
            2,
            3,
            -1,
            random.nextInt(LIVELY),
            RegionImage.slot(record),
            RegionImage.SLOTS - 1,
            RegionImage.SLOTS,
            FormatConstants.RECORD_EXTENTS,
            FormatConstants.RECORD_EXTENTS + 1,
            FormatConstants.NAME_MAX,
            FormatConstants.NAME_MAX + 1,
            07777,
            1 << random.nextInt(31),
            RegionImage.DATA,
            FormatConstants.REGION_MIN_SIZE,
            FormatConstants.REGION_MIN_SIZE - PAGE,
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            -PAGE,
            1L << random.nextInt(64),
            random.nextLong(),
        };
        return values[random.nextInt(values.length)];
    }

    /** Makes a file of many extents that may lie on those of others, or on each other. */
    private void layOut(int record) {
        int count = 1 + random.nextInt(random.nextBoolean() ? 4 : FormatConstants.RECORD_EXTENTS);
        long area = (FormatConstants.REGION_MIN_SIZE - RegionImage.DATA) / PAGE;
        long near = random.nextBoolean() ? 64 : area;
        long covered = 0;
        long[] starts = new long[count];
        long[] lengths = new long[count];
        for (int i = 0; i < count; i++) {
            long page = random.nextLong(near);
            lengths[i] = PAGE * (1 + random.nextLong(random.nextInt(8) == 0 ? area - page : Math.min(8, area - page)));
            starts[i] = RegionImage.DATA + page * PAGE;
            covered += lengths[i];
        }
        long size = random.nextInt(4) == 0 ? value(record) : covered - random.nextLong(Math.min(covered, 2 * PAGE));
        say("lay record %d out in %d extents among %d pages, size %d", record, count, near, size);
        for (byte[] copy : copies(record)) {
            RecordLayout layout = new RecordLayout(ByteBuffer.wrap(copy), 0);
            layout.type(RecordType.FILE).size(size).extentCount(count);
            long at = 0;
            for (int i = 0; i < count; i++) {
                layout.extents(i).fileOffset(at).regionOffset(starts[i]).length(lengths[i]);
                at += lengths[i];
            }
        }
    }

    /** Copies another record, which then has a twin: the same name, the same memory. */
    private void borrow(int record) {
        int other = random.nextInt(LIVELY);
        say("record %d is like %d", record, other);
        for (int copy = 0; copy < 2; copy++) {
            byte[] block = image.record(copy, record);
            System.arraycopy(image.record(copy, other), 0, block, 0, block.length);
            new RecordLayout(ByteBuffer.wrap(block), 0).number(RegionImage.slot(record));
            unsealed.add(block);
        }
    }

    /** Makes directories each other's parents. */
    private void ring() {
        int first = random.nextInt(LIVELY);
        int length = 1 + random.nextInt(4);
        say("a ring of %d directories from record %d on", length, first);
        for (int i = 0; i < length; i++) {
            int record = (first + i) % LIVELY;
            int parent = (first + (i + 1) % length) % LIVELY;
            for (byte[] copy : copies(record)) {
                new RecordLayout(ByteBuffer.wrap(copy), 0)
                        .type(RecordType.DIRECTORY)
                        .size(0)
                        .extentCount(0)
                        .parent(parent);
            }
        }
    }

    /** Makes records replace each other, in any order of their sequences. */
    private void chain() {
        int length = 2 + random.nextInt(4);
        say("a chain of %d records that replace each other", length);
        int record = random.nextInt(LIVELY);
        for (int i = 0; i < length; i++) {
            int victim = random.nextInt(LIVELY);
            long sequence = random.nextLong(40);
            for (byte[] copy : copies(record)) {
                new RecordLayout(ByteBuffer.wrap(copy), 0).supersedes(victim).sequence(sequence);
            }
            record = victim;
        }
    }

    /** Leaves one or both copies half written. */
    private void tear(int record) {
        byte[] other = image.record(random.nextInt(2), random.nextInt(LIVELY));
        int at = random.nextInt(RecordLayout.SIZE);
        say("record %d torn at byte %d", record, at);
        for (byte[] copy : copies(record)) {
            System.arraycopy(other, 0, copy, 0, at);
        }
    }

    /** Gives the copies of a record different contents, and sequences that may be equal. */
    private void outOfStep(int record) {
        say("copies of record %d out of step", record);
        List<byte[]> copies = copies(record);
        byte[] one = copies.get(random.nextInt(copies.size()));
        RecordLayout layout = new RecordLayout(ByteBuffer.wrap(one), 0);
        layout.sequence(layout.sequence() + random.nextInt(-1, 2)).mode(random.nextInt(01000));
    }

    private void fillWithNoise(int record) {
        say("noise in record %d", record);
        byte[] noise = new byte[RecordLayout.SIZE];
        random.nextBytes(noise);
        new RecordLayout(ByteBuffer.wrap(noise), 0)
                .magic(FormatConstants.RECORD_MAGIC)
                .number(RegionImage.slot(record));
        int from = random.nextBoolean() ? 0 : random.nextInt(noise.length);
        for (byte[] copy : copies(record)) {
            System.arraycopy(noise, from, copy, from, noise.length - from);
        }
    }

    /** Puts a record where there was none. */
    private void appear() {
        int record = LIVELY + random.nextInt(RegionImage.RECORDS - LIVELY);
        say("record %d appears", record);
        boolean directory = random.nextBoolean();
        int parent = random.nextInt(LIVELY);
        String name = random.nextInt(3) == 0 ? "#" + random.nextInt(LIVELY) : "new" + random.nextInt(3);
        for (byte[] copy : copies(record)) {
            new RecordLayout(ByteBuffer.wrap(copy), 0)
                    .magic(FormatConstants.RECORD_MAGIC)
                    .number(RegionImage.slot(record))
                    .sequence(1000 + record)
                    .supersedes(FormatConstants.NO_RECORD)
                    .parent(parent)
                    .type(directory ? RecordType.DIRECTORY : RecordType.FILE)
                    .mode(0700)
                    .nameLength(name.length())
                    .name(name);
        }
        if (!directory) {
            layOut(record);
        }
    }

    private void changeSuperblock() {
        List<byte[]> copies = new ArrayList<>(List.of(image.superblock(0), image.superblock(1)));
        int which = random.nextInt(6);
        if (which < copies.size()) {
            copies.remove(which);
        }
        unsealed.addAll(copies);
        switch (random.nextInt(4)) {
            case 0 -> {
                int bit = random.nextInt(8 * SuperblockLayout.SIZE);
                say("flip bit %d of %d superblocks", bit, copies.size());
                copies.forEach(copy -> copy[bit / 8] ^= (byte) (1 << bit % 8));
            }
            case 1 -> resize(copies);
            case 2 -> {
                say("noise in %d superblocks", copies.size());
                int from = random.nextInt(SuperblockLayout.SIZE);
                byte[] noise = new byte[SuperblockLayout.SIZE - from];
                random.nextBytes(noise);
                copies.forEach(copy -> System.arraycopy(noise, 0, copy, from, noise.length));
            }
            default -> {
                Field field = SUPERBLOCK_FIELDS.get(random.nextInt(SUPERBLOCK_FIELDS.size()));
                set(copies, field, value(0), copies.size() + " superblocks");
            }
        }
    }

    /** Another geometry that is right in itself. */
    private void resize(List<byte[]> copies) {
        int slots = RegionImage.SLOTS + random.nextInt(64);
        long size = FormatConstants.REGION_MIN_SIZE << (random.nextInt(4) / 3);
        say("%d slots and %d bytes in %d superblocks", slots, size, copies.size());
        long table = (long) slots * RecordLayout.SIZE;
        for (byte[] copy : copies) {
            new SuperblockLayout(ByteBuffer.wrap(copy), 0)
                    .size(size)
                    .recordSlots(slots)
                    .tableB(FormatConstants.TABLE_OFFSET + table)
                    .dataOffset((FormatConstants.TABLE_OFFSET + 2 * table + (2 << 20) - 1) & -(2L << 20));
        }
    }

    /** The copies of a record that are to be changed: mostly both. */
    private List<byte[]> copies(int record) {
        int which = random.nextInt(8);
        List<byte[]> copies = new ArrayList<>(List.of(image.record(0, record), image.record(1, record)));
        if (which < copies.size()) {
            copies.remove(which);
            say("only copy %d:", 1 - which);
        }
        unsealed.addAll(copies);
        return copies;
    }

    private void seal() {
        for (byte[] block : unsealed) {
            if (block.length == RecordLayout.SIZE) {
                plain(block);
            }
        }
        if (random.nextInt(8) == 0) {
            say("no checksums");
            return;
        }
        unsealed.forEach(RegionImage::seal);
    }

    /** Java's paths are text, so names stay in ASCII; the module asks for no more than that there is no zero and no slash. */
    private static void plain(byte[] record) {
        for (int i = RecordLayout.OFFSET_NAME; i < RecordLayout.OFFSET_EXTENTS; i++) {
            record[i] &= 0x7f;
        }
    }

    private static ByteBuffer little(byte[] block) {
        return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void say(String format, Object... arguments) {
        said.add(String.format(format, arguments));
    }
}
