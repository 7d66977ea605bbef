// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.Progress;
import dev.holdfast.RegionImage;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.RecordLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** The record table: verify, choose, commit. */
final class RecordTable {
    private static final int CHUNK = 512;

    private final RegionImage image;
    private final Geometry geometry;
    private final RecordRules rules;
    private long sequence;

    RecordTable(RegionImage image, Geometry geometry) {
        this.image = image;
        this.geometry = geometry;
        this.rules = new RecordRules(geometry);
    }

    /** Both copies of a slot. */
    final class Slot {
        private final long number;
        private final byte[] a;
        private final byte[] b;
        private final RecordRules.Verdict ofA;
        private final RecordRules.Verdict ofB;

        private Slot(long number, byte[] a, byte[] b) {
            this.number = number;
            this.a = a;
            this.b = b;
            this.ofA = rules.judge(a, number);
            this.ofB = rules.judge(b, number);
        }

        long number() {
            return number;
        }

        /** What the slot holds. */
        RecordRules.State state() {
            if (ofA.committed() || ofB.committed()) {
                return verdict(chosen()).state();
            }
            // A torn first copy beside a second that was never written is a first commit that never returned.
            return ofB.unused() ? RecordRules.State.UNUSED : RecordRules.State.DAMAGED;
        }

        /** Number of the copy that counts, 0 or 1. */
        int chosen() {
            if (!ofA.committed() && !ofB.committed()) {
                return 1;
            }
            boolean takeA = ofA.committed()
                    && (!ofB.committed() || Long.compareUnsigned(view(a).sequence(), view(b).sequence()) >= 0);
            return takeA ? 0 : 1;
        }

        byte[] bytes(int copy) {
            return copy == 0 ? a : b;
        }

        RecordRules.Verdict verdict(int copy) {
            return copy == 0 ? ofA : ofB;
        }

        /** The copy that counts. */
        RecordLayout record() {
            return view(bytes(chosen()));
        }

        boolean isInStep() {
            return Arrays.equals(a, b);
        }

        /** Where a copy is in the region, 0 or 1, in bytes. */
        long offset(int copy) {
            return geometry.record(copy, number);
        }

        /** What is wrong with the copy that does not count. */
        String whyOther() {
            int other = 1 - chosen();
            if (!verdict(other).committed()) {
                return verdict(other).why();
            }
            int order = Long.compareUnsigned(view(bytes(other)).sequence(), record().sequence());
            return order < 0 ? "it is older than the other" : "it is as new as the other and says something else";
        }
    }

    static RecordLayout view(byte[] record) {
        return new RecordLayout(ByteBuffer.wrap(record), 0);
    }

    /** Visits all slots that were ever written to in their order, and learns the newest sequence on the way. */
    void forEach(Consumer<Slot> visit, Progress progress) {
        for (long first = 0; first < geometry.slots(); first += CHUNK) {
            int count = (int) Math.min(CHUNK, geometry.slots() - first);
            byte[] a = read(0, first, count);
            byte[] b = read(1, first, count);
            for (int i = 0; i < count; i++) {
                int from = i * RecordLayout.SIZE;
                int to = from + RecordLayout.SIZE;
                if (RecordRules.neverWritten(a, from) && RecordRules.neverWritten(b, from)) {
                    continue;
                }
                Slot slot = new Slot(first + i, Arrays.copyOfRange(a, from, to), Arrays.copyOfRange(b, from, to));
                if (slot.state() == RecordRules.State.FREE || slot.state() == RecordRules.State.USED) {
                    sequence = maxUnsigned(sequence, slot.record().sequence());
                }
                visit.accept(slot);
            }
            progress.tell(first + count, geometry.slots());
        }
    }

    private static long maxUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }

    private byte[] read(int copy, long first, int count) {
        byte[] bytes = new byte[count * RecordLayout.SIZE];
        image.read(geometry.record(copy, first), bytes);
        return bytes;
    }

    /** Reads one slot. */
    Slot get(long number) {
        return new Slot(number, read(0, number, 1), read(1, number, 1));
    }

    /** Writes the copy that does not count again from the other. */
    void repair(long number) {
        Slot slot = get(number);
        int chosen = slot.chosen();
        if (slot.verdict(chosen).unused()) {
            // Zeros need no order: whatever of them is there, the slot stays unused.
            image.write(slot.offset(1 - chosen), new byte[RecordLayout.SIZE]);
            image.settle();
        } else {
            store(slot, 1 - chosen, slot.bytes(chosen));
        }
    }

    /** Commits a record anew, changed; see {@link #commit}. */
    void change(long number, Consumer<RecordLayout> change) {
        Slot slot = get(number);
        byte[] record = slot.bytes(slot.chosen()).clone();
        change.accept(view(record));
        commit(number, record);
    }

    /**
     * Commits a record: the copy that counts last, so that either the old or the new one can be used at every moment. In a module that is
     * the second copy, as both are in step there.
     */
    void commit(long number, byte[] record) {
        Slot slot = get(number);
        sequence++;
        view(record).magic(FormatConstants.RECORD_MAGIC).number(number).sequence(sequence);
        int first = slot.isInStep() ? 0 : 1 - slot.chosen();
        store(slot, first, record);
        store(slot, 1 - first, record);
    }

    private void store(Slot slot, int copy, byte[] record) {
        Copies.store(image, slot.offset(copy), record, RecordLayout.OFFSET_CHECKSUM);
    }
}
