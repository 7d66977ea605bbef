// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.RegionImage;
import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.ExtentLeafLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RangeHeadLayout;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import dev.holdfast.abi.SuperblockLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** A region of 128 MiB in ordinary memory, made as the module would have made it, to be damaged. */
final class MadeRegion implements RegionImage {
    static final int SLOTS = 1024;
    static final long BASE = 0x1_0000_0000L;
    static final long BLOCK = FormatConstants.BLOCK_SIZE;
    static final long TABLE_B = FormatConstants.TABLE_OFFSET + (long) SLOTS * RecordLayout.SIZE;
    static final long DATA = 0x600000;

    private static final int PAGE = 4096;

    /** Offset of the further range that a region can have: it does not follow the first. */
    static final long FURTHER = 3 * FormatConstants.REGION_MIN_SIZE;

    private final Map<Long, byte[]> pages = new HashMap<>();
    private boolean further;
    private long sequence;
    private long writes;
    private long writesLeft = Long.MAX_VALUE;

    /** Thrown by the write in the middle of which the machine stops. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A run of a file.
     *
     * @param at where in the file, in blocks
     * @param block where in the data area, in blocks
     * @param blocks how long
     */
    record Run(long at, long block, long blocks) {}

    static MadeRegion sparse() {
        return new MadeRegion(IncompatFlags.SPARSE);
    }

    static MadeRegion plain() {
        return new MadeRegion(0);
    }

    private MadeRegion(long incompat) {
        commit(0, root -> root.type(RecordType.DIRECTORY).mode(0755).supersedes(FormatConstants.NO_RECORD));
        superblock(
                superblock -> superblock
                        .magic(FormatConstants.SUPERBLOCK_MAGIC)
                        .version(1)
                        .incompat(incompat)
                        .generation(1)
                        .base(BASE)
                        .size(FormatConstants.REGION_MIN_SIZE)
                        .recordSlots(SLOTS)
                        .recordSize(RecordLayout.SIZE)
                        .tableA(FormatConstants.TABLE_OFFSET)
                        .tableB(TABLE_B)
                        .dataOffset(DATA),
                0,
                1);
    }

    /** Another of the same content. */
    private MadeRegion(MadeRegion other) {
        other.pages.forEach((number, page) -> pages.put(number, page.clone()));
        sequence = other.sequence;
        further = other.further;
    }

    MadeRegion copy() {
        return new MadeRegion(this);
    }

    /** Adds a range as large as the first. */
    MadeRegion furtherRange() {
        further = true;
        for (int copy = 0; copy < 2; copy++) {
            rangeHead(
                    copy,
                    head -> head.magic(FormatConstants.RANGE_MAGIC)
                            .base(BASE)
                            .physical(BASE + FURTHER)
                            .size(FormatConstants.REGION_MIN_SIZE));
        }
        return superblock(
                superblock -> {
                    superblock
                            .incompat(superblock.incompat() | IncompatFlags.RANGES)
                            .rangeCount(1);
                    superblock.ranges(0).physical(BASE + FURTHER).size(FormatConstants.REGION_MIN_SIZE);
                },
                0,
                1);
    }

    /** The further range is taken away. */
    MadeRegion loseFurtherRange() {
        further = false;
        return this;
    }

    /** Changes a copy of the head of the further range, with the right checksum. */
    MadeRegion rangeHead(int copy, Consumer<RangeHeadLayout> change) {
        edit(
                FURTHER + copy * FormatConstants.SUPERBLOCK_COPY_STRIDE,
                RangeHeadLayout.SIZE,
                RangeHeadLayout.OFFSET_CHECKSUM,
                block -> change.accept(new RangeHeadLayout(block, 0)));
        return this;
    }

    MadeRegion directory(long number, long parent, String name) {
        commit(
                number,
                record -> name(record, parent, name).type(RecordType.DIRECTORY).mode(0755));
        return this;
    }

    MadeRegion file(long number, long parent, String name, Run... runs) {
        commit(number, record -> {
            name(record, parent, name).type(RecordType.FILE).mode(0644).extentCount(runs.length);
            long end = 0;
            for (int i = 0; i < runs.length; i++) {
                set(record.extents(i), runs[i]);
                end = (runs[i].at() + runs[i].blocks()) * BLOCK;
            }
            record.size(end);
        });
        return this;
    }

    /** A file whose runs are in leaves: one leaf for each list of runs, at consecutive blocks. */
    MadeRegion leafFile(long number, long parent, String name, long leafBlock, Run[]... leaves) {
        commit(number, record -> {
            name(record, parent, name)
                    .type(RecordType.FILE)
                    .mode(0644)
                    .leaves(1)
                    .generation(3)
                    .extentCount(leaves.length);
            for (int i = 0; i < leaves.length; i++) {
                long block = leafBlock + 2L * i;
                set(record.extents(i), new Run(leaves[i][0].at(), block, 2));
                Run[] runs = leaves[i];
                leaf(DATA + block * BLOCK, leaf -> {
                    leaf.magic(FormatConstants.LEAF_MAGIC)
                            .owner(number)
                            .generation(3)
                            .extentCount(runs.length);
                    for (int run = 0; run < runs.length; run++) {
                        set(leaf.extents(run), runs[run]);
                    }
                });
                Run last = runs[runs.length - 1];
                record.size((last.at() + last.blocks()) * BLOCK);
            }
        });
        return this;
    }

    private static RecordLayout name(RecordLayout record, long parent, String name) {
        return record.parent(parent)
                .name(name)
                .nameLength(name.length())
                .supersedes(FormatConstants.NO_RECORD)
                .generation(1);
    }

    private static void set(ExtentLayout extent, Run run) {
        extent.fileOffset(run.at() * BLOCK)
                .regionOffset(DATA + run.block() * BLOCK)
                .length(run.blocks() * BLOCK);
    }

    private void commit(long number, Consumer<RecordLayout> fill) {
        sequence++;
        change(
                number,
                record -> {
                    record.magic(FormatConstants.RECORD_MAGIC).number(number).sequence(sequence);
                    fill.accept(record);
                },
                0,
                1);
    }

    /** The newest commit. */
    long sequence() {
        return sequence;
    }

    /** What a copy of a record says. */
    RecordLayout record(long number, int copy) {
        return new RecordLayout(ByteBuffer.wrap(bytes(recordOffset(number, copy), RecordLayout.SIZE)), 0);
    }

    static long recordOffset(long number, int copy) {
        return (copy == 0 ? FormatConstants.TABLE_OFFSET : TABLE_B) + number * RecordLayout.SIZE;
    }

    /** Changes copies of a record, with right checksums. */
    MadeRegion change(long number, Consumer<RecordLayout> change, int... copies) {
        for (int copy : copies) {
            edit(
                    recordOffset(number, copy),
                    RecordLayout.SIZE,
                    RecordLayout.OFFSET_CHECKSUM,
                    block -> change.accept(new RecordLayout(block, 0)));
        }
        return this;
    }

    /** Changes copies of the superblock, with right checksums. */
    MadeRegion superblock(Consumer<SuperblockLayout> change, int... copies) {
        for (int copy : copies) {
            edit(
                    copy * FormatConstants.SUPERBLOCK_COPY_STRIDE,
                    SuperblockLayout.SIZE,
                    SuperblockLayout.OFFSET_CHECKSUM,
                    block -> change.accept(new SuperblockLayout(block, 0)));
        }
        return this;
    }

    /** Changes both copies of a leaf, with right checksums. */
    MadeRegion leaf(long offset, Consumer<ExtentLeafLayout> change) {
        for (int copy = 0; copy < 2; copy++) {
            edit(
                    offset + copy * (long) ExtentLeafLayout.SIZE,
                    ExtentLeafLayout.SIZE,
                    ExtentLeafLayout.OFFSET_CHECKSUM,
                    block -> change.accept(new ExtentLeafLayout(block, 0)));
        }
        return this;
    }

    private void edit(long offset, int size, int checksumAt, Consumer<ByteBuffer> change) {
        byte[] block = bytes(offset, size);
        ByteBuffer buffer = ByteBuffer.wrap(block);
        change.accept(buffer);
        seal(block, checksumAt);
        put(offset, block);
    }

    /** Gives a block its checksum, by the words of the schema. */
    static void seal(byte[] block, int checksumAt) {
        ByteBuffer buffer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(checksumAt, 0);
        CRC32C crc = new CRC32C();
        crc.update(block);
        buffer.putInt(checksumAt, (int) crc.getValue());
    }

    /** Flips one bit of the byte at an offset. */
    MadeRegion flip(long offset) {
        byte[] one = bytes(offset, 1);
        one[0] ^= 1;
        put(offset, one);
        return this;
    }

    byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        read(offset, bytes);
        return bytes;
    }

    /** Everything that is not zero, by its page. */
    Map<Long, ByteBuffer> content() {
        Map<Long, ByteBuffer> content = new TreeMap<>();
        byte[] zero = new byte[PAGE];
        pages.forEach((number, page) -> {
            if (!Arrays.equals(page, zero)) {
                content.put(number, ByteBuffer.wrap(page.clone()));
            }
        });
        return content;
    }

    /** The machine stops in the middle of the write that comes after {@code count} more. */
    MadeRegion stopAfter(long count) {
        writesLeft = count;
        return this;
    }

    /** How often it was written to through the interface. */
    long writes() {
        return writes;
    }

    @Override
    public long size() {
        return FormatConstants.REGION_MIN_SIZE;
    }

    @Override
    public boolean holds(long offset, long length) {
        return RegionImage.super.holds(offset, length)
                || (further && offset >= FURTHER && RegionImage.super.holds(offset - FURTHER, length));
    }

    @Override
    public OptionalLong base() {
        return OptionalLong.of(BASE);
    }

    @Override
    public void read(long offset, byte[] into) {
        each(offset, into.length, (page, at, from, count) -> {
            byte[] bytes = pages.get(page);
            if (bytes != null) {
                System.arraycopy(bytes, at, into, from, count);
            } else {
                Arrays.fill(into, from, from + count, (byte) 0);
            }
        });
    }

    @Override
    public void write(long offset, byte[] bytes) {
        if (writesLeft-- == 0) {
            put(offset, Arrays.copyOf(bytes, bytes.length / 2));
            throw new Stopped();
        }
        writes++;
        put(offset, bytes);
    }

    void put(long offset, byte[] bytes) {
        each(
                offset,
                bytes.length,
                (page, at, from, count) -> System.arraycopy(
                        bytes, from, pages.computeIfAbsent(page, number -> new byte[PAGE]), at, count));
    }

    private interface Part {
        void copy(long page, int at, int from, int count);
    }

    private void each(long offset, int length, Part part) {
        if (!holds(offset, length)) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset);
        }
        int done = 0;
        while (done < length) {
            int at = (int) ((offset + done) % PAGE);
            int count = Math.min(PAGE - at, length - done);
            part.copy((offset + done) / PAGE, at, done, count);
            done += count;
        }
    }

    @Override
    public void settle() {}

    @Override
    public void close() {}
}
