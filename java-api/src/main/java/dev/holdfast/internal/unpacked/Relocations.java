// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a kernel that is linked for one virtual address has to be changed for another. Behind the kernel in its bzImage there are lists
 * of 32-bit addresses, a zero before each: of 64-bit words to add to, of 32-bit words to subtract from (not in newer kernels), and of
 * 32-bit words to add to: arch/x86/tools/relocs.c, handle_relocations() in arch/x86/boot/compressed/misc.c.
 */
final class Relocations {
    /** Where the kernel is mapped: __START_KERNEL_map, its lower 32 bits. */
    private static final long MAPPED_AT = 0x80000000L;

    private static final int WITHOUT_INVERSE = 2;
    private static final int WITH_INVERSE = 3;

    private final List<ByteBuffer> lists;

    private Relocations(List<ByteBuffer> lists) {
        this.lists = lists;
    }

    /** Reads all that follows the kernel; empty for a kernel without relocations. */
    static Relocations of(ByteBuffer words) throws IOException {
        List<ByteBuffer> lists = new ArrayList<>();
        int start = -1;
        for (int at = 0; at + Integer.BYTES <= words.limit(); at += Integer.BYTES) {
            if (words.getInt(at) == 0) {
                if (start >= 0) {
                    lists.add(list(words, start, at));
                }
                start = at + Integer.BYTES;
            }
        }
        if (start >= 0) {
            lists.add(list(words, start, words.limit() / Integer.BYTES * Integer.BYTES));
        }
        if (!lists.isEmpty() && lists.size() != WITHOUT_INVERSE && lists.size() != WITH_INVERSE) {
            throw new IOException("it has " + lists.size() + " lists of relocations, not 2 or 3");
        }
        return new Relocations(lists);
    }

    private static ByteBuffer list(ByteBuffer words, int start, int end) {
        return words.slice(start, end - start).order(words.order());
    }

    /** Whether the kernel can run at another virtual address at all. */
    boolean any() {
        return !lists.isEmpty();
    }

    /**
     * Moves a kernel.
     *
     * @param kernel its memory
     * @param linkedAt the physical address it is linked for
     * @param by how far it moves, in bytes
     */
    void apply(ByteBuffer kernel, long linkedAt, long by) throws IOException {
        try {
            for (int word : words(0)) {
                int at = offset(word, linkedAt);
                kernel.putLong(at, kernel.getLong(at) + by);
            }
            if (lists.size() == WITH_INVERSE) {
                for (int word : words(1)) {
                    int at = offset(word, linkedAt);
                    kernel.putInt(at, kernel.getInt(at) - (int) by);
                }
            }
            for (int word : words(lists.size() - 1)) {
                int at = offset(word, linkedAt);
                kernel.putInt(at, kernel.getInt(at) + (int) by);
            }
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IOException("a relocation lies outside of it", e);
        }
    }

    private int[] words(int list) {
        int[] words = new int[lists.get(list).limit() / Integer.BYTES];
        lists.get(list).asIntBuffer().get(words);
        return words;
    }

    private static int offset(int word, long linkedAt) {
        return Math.toIntExact(Integer.toUnsignedLong(word) - MAPPED_AT - linkedAt);
    }
}
