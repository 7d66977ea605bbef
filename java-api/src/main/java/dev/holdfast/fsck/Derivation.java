// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.Progress;
import dev.holdfast.RegionImage;
import dev.holdfast.abi.ExtentLayout;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import dev.holdfast.abi.SuperblockLayout;
import dev.holdfast.fsck.FsckFinding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Derives the tree and the free space from the records, step by step as a mount does, and notes what is wrong. */
final class Derivation {
    private final Geometry geometry;
    private final Retired retired;
    private final long formatSeconds;
    private final Findings findings;
    private final RecordTable table;
    private final Leaves leaves;
    private final Memory memory;
    private final Tree tree;
    private final Census census = new Census();
    private final List<Long> damaged = new ArrayList<>();

    Derivation(RegionImage image, SuperblockLayout superblock, Findings findings) {
        this.geometry = Geometry.of(superblock);
        this.retired = Retired.of(superblock);
        this.formatSeconds = superblock.formatSeconds();
        this.findings = findings;
        this.table = new RecordTable(image, geometry);
        this.leaves = new Leaves(image, geometry);
        this.memory = new Memory(geometry);
        this.tree = new Tree(geometry.slots());
    }

    /** What is in the region; null if a mount would refuse it. */
    @Nullable
    FsckSummary run(Progress progress) {
        table.forEach(this::readSlot, progress);
        Node root = tree.root();
        if (root == null) {
            long number = FormatConstants.ROOT_RECORD;
            findings.add(
                    Kind.ROOT_DAMAGED,
                    number,
                    geometry.record(0, number),
                    "the root directory cannot be used",
                    () -> table.commit(number, Edits.root(formatSeconds)));
            return null;
        }
        tree.forEach(this::dropSuperseded);
        tree.forEach(this::takeMemory);
        damaged.forEach(this::shield);
        retired.takeFrom(memory);
        tree.link(root);
        tree.forEach(this::reportPlace);
        tree.forEach(census::count);
        return census.summary(geometry, memory);
    }

    private void readSlot(RecordTable.Slot slot) {
        switch (slot.state()) {
            case UNUSED -> foundInCopy(Kind.UNFINISHED_COMMIT, slot);
            case DAMAGED -> foundDamaged(slot);
            case FREE, USED -> {
                if (!slot.isInStep()) {
                    foundInCopy(Kind.RECORD_COPY, slot);
                }
                if (slot.state() == RecordRules.State.USED) {
                    tree.add(new Node(slot));
                }
            }
        }
    }

    private void foundInCopy(Kind kind, RecordTable.Slot slot) {
        int other = 1 - slot.chosen();
        long number = slot.number();
        findings.add(
                kind,
                number,
                slot.offset(other),
                Findings.copy(other) + ": " + slot.whyOther(),
                () -> table.repair(number));
    }

    private void foundDamaged(RecordTable.Slot slot) {
        long number = slot.number();
        if (number == FormatConstants.ROOT_RECORD) {
            // Said with the other reasons for which there may be no root.
            return;
        }
        damaged.add(number);
        census.setAside();
        findings.add(
                Kind.RECORD_DAMAGED,
                number,
                slot.offset(0),
                "both copies are damaged; the first: " + slot.verdict(0).why() + "; the second: "
                        + slot.verdict(1).why(),
                () -> table.commit(number, Edits.tombstone(table.get(number))));
    }

    /** A file that a rename replaced is dead, even if it was not buried yet. */
    private void dropSuperseded(Node node) {
        Node victim = tree.get(node.supersedes());
        if (victim == null || !victim.isOlderThan(node)) {
            return;
        }
        long number = victim.number();
        findings.add(
                Kind.SUPERSEDED,
                number,
                geometry.record(0, number),
                "record " + node.number() + " has replaced it by a rename",
                () -> table.change(number, record -> record.type(RecordType.FREE)));
        tree.remove(victim);
    }

    private void takeMemory(Node node) {
        if (node.isDirectory()) {
            return;
        }
        RecordLayout record = table.get(node.number()).record();
        Taking taking = new Taking(record);
        int lost = leaves.walk(record, taking);
        if (lost < 0 && taking.bad.isEmpty()) {
            census.add(taking.extents, taking.leaves, taking.bytes);
            return;
        }
        long number = node.number();
        Runnable cut = () -> table.change(number, now -> Edits.cut(now, taking.bad, geometry.sparse()));
        if (lost >= 0) {
            ExtentLayout leaf = record.extents(lost);
            taking.bad.add(lost);
            findings.add(
                    Kind.LEAF_DAMAGED,
                    number,
                    leaf.regionOffset(),
                    "the leaf for what it has from byte " + leaf.fileOffset() + " on is damaged: "
                            + leaves.whyLost(leaf.regionOffset(), record),
                    cut);
        } else {
            findings.add(Kind.OVERLAP, number, geometry.record(0, number), taking.conflict, cut);
        }
        census.setAside();
        tree.remove(node);
    }

    /** Takes the memory of one file. */
    private final class Taking implements Leaves.Visitor {
        private final RecordLayout record;
        private final TreeSet<Integer> bad = new TreeSet<>();
        private String conflict = "";
        private long extents;
        private long leaves;
        private long bytes;

        private Taking(RecordLayout record) {
            this.record = record;
        }

        @Override
        public void leaf(int entry, ExtentLayout run) {
            leaves++;
            if (take(entry, run)) {
                checkCopies(run.regionOffset());
            }
        }

        @Override
        public void extent(int entry, ExtentLayout run) {
            extents++;
            take(entry, run);
        }

        private boolean take(int entry, ExtentLayout run) {
            if (memory.take(run, record.number())) {
                bytes += run.length();
                return true;
            }
            if (bad.isEmpty()) {
                OptionalLong owner = memory.owner(run);
                conflict = "its memory, " + run.length() + " bytes at 0x" + Long.toHexString(run.regionOffset())
                        + ", belongs to record " + owner.orElse(record.number()) + " too";
            }
            bad.add(entry);
            return false;
        }

        private void checkCopies(long leaf) {
            String why = Derivation.this.leaves.whyUneven(leaf, record);
            if (why != null) {
                findings.add(
                        Kind.LEAF_COPY, record.number(), leaf, why, () -> Derivation.this.leaves.repair(leaf, record));
            }
        }
    }

    /** Keeps from others what either copy of a damaged record claims. */
    private void shield(long number) {
        RecordTable.Slot slot = table.get(number);
        for (int copy = 0; copy < 2; copy++) {
            leaves.walk(RecordTable.view(slot.bytes(copy)), new Leaves.Visitor() {
                @Override
                public void leaf(int entry, ExtentLayout run) {
                    memory.take(run, number);
                }

                @Override
                public void extent(int entry, ExtentLayout run) {
                    memory.take(run, number);
                }
            });
        }
    }

    private void reportPlace(Node node) {
        if (!node.isMoved()) {
            return;
        }
        String shown = new String(node.name(), StandardCharsets.UTF_8);
        String why = node.whyOrphan();
        findings.add(
                why == null ? Kind.DUPLICATE_NAME : Kind.ORPHAN,
                node.number(),
                geometry.record(0, node.number()),
                (why == null
                                ? "another has its name " + Node.readable(node.storedName()) + " in directory "
                                        + node.parentNumber()
                                : why)
                        + "; a mount shows it as /" + shown,
                () -> table.change(node.number(), record -> Edits.move(record, shown)));
    }
}
