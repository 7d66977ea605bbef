// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Content for pages of 4 KiB that nothing produces by accident: every word depends on the seed, on the page's number and on its
 * place in the page. The same inside and outside.
 *
 * @param seed which content
 */
public record PagePattern(long seed) {

    /** Size of a page, in bytes. */
    public static final int PAGE = 4096;

    private static final long STEP = 0x9e3779b97f4a7c15L;

    /** The content of a page, as bytes in memory. */
    public byte[] page(long number) {
        ByteBuffer bytes = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words(number));
        return bytes.array();
    }

    /** The content of a page, as little-endian words. */
    public long[] words(long number) {
        long[] words = new long[PAGE / Long.BYTES];
        long word = firstWord(number);
        for (int index = 0; index < words.length; index++) {
            words[index] = word;
            word += STEP;
        }
        return words;
    }

    /** The first word of a page. */
    public long firstWord(long number) {
        return mix(seed + number * STEP);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
