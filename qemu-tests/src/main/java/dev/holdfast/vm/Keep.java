// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.util.Locale;

/** Which work files of VMs, such as dumps of memory, are kept. Logs always are. */
enum Keep {
    FAILED,
    ALL,
    NONE;

    static Keep of(String text) {
        try {
            return valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new HarnessException("HOLDFAST_KEEP is '" + text + "'; it can be failed, all or none", e);
        }
    }

    /** Whether those of a test are kept. */
    boolean keeps(boolean failed) {
        return this == ALL || (this == FAILED && failed);
    }
}
