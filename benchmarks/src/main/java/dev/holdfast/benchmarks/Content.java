// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.benchmarks;

/** What memory of both kinds is measured with: how much of it, and in which order it is touched. */
final class Content {

    /** Values of 8 bytes in the memory that is touched, 1 MiB of it: a power of two. */
    static final int VALUES = 1 << 17;

    /** What is copied at once, in bytes. */
    static final int BLOCK = 4096;

    /** Blocks in that memory. */
    static final int BLOCKS = VALUES * Long.BYTES / BLOCK;

    private Content() {}

    /**
     * The place after a place in an order that comes to each of them once and looks like none. It is computed: a list of places would
     * be memory that is touched too.
     */
    static int after(int place) {
        return (place * 1_664_525 + 1_013_904_223) & (VALUES - 1);
    }
}
