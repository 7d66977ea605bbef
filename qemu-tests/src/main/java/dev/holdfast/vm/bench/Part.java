// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.Locale;

/** What can be measured by itself; the program inside has a command for each. */
enum Part {
    /** Map a file of 1 GiB that has its memory, and write to each page. */
    TOUCH_FILLED,
    /** Map a file of 1 GiB that is a hole, and write to each page. */
    TOUCH_FRESH,
    /** Write and read by blocks of 1 MiB. */
    BLOCKS,
    /** Create files and remove them. */
    NAMES,
    /** Change attributes. */
    COMMITS,
    /** Preserve more and more memory, and many files, and find them again; in a VM of its own. */
    PRESERVED;

    /** The name that it has for the program, and for users. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
