// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What can be done about a finding. */
public enum Repair {
    /** Write the superblock copy that is bad, or older, again from the other. */
    REWRITE_SUPERBLOCK(false, "write it again from the other copy"),
    /** Write the copy of a record or of a leaf that is bad, or older, again from the other. */
    REWRITE_COPY(false, "write it again from the other copy"),
    /** Free a record that a rename has replaced. */
    BURY_SUPERSEDED(false, "free the record"),
    /** Give what has no place in the tree one in the root, under its number, where a mount shows it. */
    ATTACH_ORPHAN(false, "move it into the root directory, with its number as its name"),
    /** Give what has the name of another a place in the root, under its number, where a mount shows it. */
    RENAME_DUPLICATE(false, "move it into the root directory, with its number as its name"),
    /** Free a record of which no copy can be used. The file or directory is lost, its memory becomes free. */
    FREE_DAMAGED(true, "free the record, and with it the memory that it may have had"),
    /** Take from a file the memory that is not its own, or is not known. There it has holes, or ends. */
    CUT_FILE(true, "take this memory from the file, so that it has a hole there or ends"),
    /** Write a new root directory. What is in it is found again; its mode, owner and times are lost. */
    REBUILD_ROOT(true, "write a new root directory, with mode 0755 and owner 0");

    private final boolean lossy;
    private final String remedy;

    Repair(boolean lossy, String remedy) {
        this.lossy = lossy;
        this.remedy = remedy;
    }

    /** Whether something that might be saved by other means is lost by it. */
    public boolean losesData() {
        return lossy;
    }

    /** What it does, as one clause. */
    public String remedy() {
        return remedy;
    }

    /** All that lose nothing. */
    public static Set<Repair> harmless() {
        EnumSet<Repair> repairs = EnumSet.allOf(Repair.class);
        repairs.removeIf(Repair::losesData);
        return Collections.unmodifiableSet(repairs);
    }
}
