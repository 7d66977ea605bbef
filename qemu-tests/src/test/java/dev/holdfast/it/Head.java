// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.PhysicalRange;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.vm.Vm;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** The superblocks and records of a region, read and changed from outside the VM. */
final class Head {

    private final Vm vm;
    private final long base;

    Head(Vm vm) {
        this.vm = vm;
        this.base = vm.region().base();
    }

    /** Where a copy of the superblock lies, 0 or 1. */
    long superblock(int copy) {
        return base + copy * FormatConstants.SUPERBLOCK_COPY_STRIDE;
    }

    /** Where a copy of a record lies, 0 or 1. */
    long record(int copy, long number) {
        SuperblockLayout superblock = read(0);
        return base + (copy == 0 ? superblock.tableA() : superblock.tableB()) + number * RecordLayout.SIZE;
    }

    /** What must not change when a region is refused: both superblocks and the first records. */
    List<PhysicalRange> ranges() {
        long table = base + FormatConstants.TABLE_OFFSET;
        return List.of(
                new PhysicalRange(superblock(0), SuperblockLayout.SIZE),
                new PhysicalRange(superblock(1), SuperblockLayout.SIZE),
                new PhysicalRange(table, 64 * RecordLayout.SIZE));
    }

    /** What a copy of the superblock says now, 0 or 1. */
    SuperblockLayout read(int copy) {
        return new SuperblockLayout(ByteBuffer.wrap(vm.memory().read(superblock(copy), SuperblockLayout.SIZE)), 0);
    }

    /** Changes both copies of the superblock and gives them right checksums. */
    void rewrite(Consumer<SuperblockLayout> change) {
        rewrite(0, change);
        rewrite(1, change);
    }

    /** Changes one copy of the superblock, 0 or 1, and gives it a right checksum. */
    void rewrite(int copy, Consumer<SuperblockLayout> change) {
        byte[] bytes = vm.memory().read(superblock(copy), SuperblockLayout.SIZE);
        SuperblockLayout layout = new SuperblockLayout(ByteBuffer.wrap(bytes), 0);
        change.accept(layout);
        layout.checksum(0);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        layout.checksum((int) crc.getValue());
        vm.memory().write(superblock(copy), bytes);
    }
}
