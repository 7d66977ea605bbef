// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.fsck.FsckFinding.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What an examination finds, in its order. */
final class Findings {
    private final List<Mend> mends = new ArrayList<>();
    private boolean repairable = true;

    /** The region must not be written to. */
    void forbidRepairs() {
        repairable = false;
    }

    void add(Kind kind, long record, long offset, String what, Runnable work) {
        mends.add(new Mend(new FsckFinding(kind, record, offset, what, repairable), work));
    }

    /** Adds something about the region as a whole that nothing can be done about. */
    void add(Kind kind, String what) {
        add(kind, FsckFinding.NO_RECORD, 0, what, () -> {});
    }

    List<Mend> mends() {
        return Collections.unmodifiableList(mends);
    }

    static String copy(int index) {
        return index == 0 ? "the first copy" : "the second copy";
    }
}
