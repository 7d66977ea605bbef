// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.Arrays;

/** Sizes of the pages that mappings can use. What lies where no such page fits gets smaller ones. */
public enum PageSize {
    /** 4 KiB, on every kernel. */
    SIZE_4K("4K", 1L << 12),
    /** 2 MiB, where the kernel can map such pages without struct pages. */
    SIZE_2M("2M", 1L << 21),
    /** 1 GiB, as 2 MiB, and where region and caller are trusted with it: see {@link MountOptions}. */
    SIZE_1G("1G", 1L << 30);

    private final String word;
    private final long bytes;

    PageSize(String word, long bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /** The size, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** What the mount option calls it. */
    String word() {
        return word;
    }

    /** The size of so many bytes, which the module said. */
    static PageSize of(long bytes) {
        return Arrays.stream(values())
                .filter(size -> size.bytes == bytes)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the module uses pages of " + bytes + " bytes"));
    }
}
