// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.console;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a kernel says on its console when something is wrong. The first kind that matches a line counts. */
public enum Trouble {
    PANIC("kernel panic", "(?<!end )Kernel panic - not syncing"),
    LOCKDEP(
            "lockdep report",
            "possible (circular|recursive) locking|inconsistent lock state|lock order inversion|possible irq lock"
                    + "|suspicious RCU usage|held lock freed|lock held when returning to user space"
                    + "|BUG: MAX_LOCK|DEBUG_LOCKS_WARN_ON|Invalid wait context|trying to register non-static key"
                    + "|INFO: lockdep is turned off"),
    SOFT_LOCKUP("lockup", "BUG: soft lockup|hard LOCKUP"),
    RCU_STALL("RCU stall", "rcu.*(self-detected stall|detected stalls|detected expedited stalls|kthread starved)"),
    HUNG_TASK("hung task", "INFO: task .* blocked for more than"),
    OOPS(
            "oops",
            "\\bOops: |\\bOops\\b.*#|BUG: unable to handle |BUG: kernel NULL pointer dereference|general protection fault|invalid opcode: "
                    + "|divide error: |double fault: |stack segment: |kernel BUG at "),
    BUG("BUG", "\\bBUG: |\\bBUG [a-z0-9_-]+ \\("),
    UBSAN("UBSAN report", "UBSAN: "),
    LEAK(
            "leak report",
            "kmemleak: (?!Kernel memory leak detector initialized|Automatic memory scanning)|unreferenced object 0x"),
    WARNING("warning", "WARNING: |refcount_t: |bad p[mu4g]?d|Bad page (state|map)"),
    BUSY_INODES("busy inodes", "VFS: Busy inodes after unmount"),
    NO_INIT("no init", "Unpacking initramfs failed|Failed to execute /init|No working init found");

    private final String title;
    private final Pattern pattern;

    Trouble(String title, String pattern) {
        this.title = title;
        this.pattern = Pattern.compile(pattern);
    }

    /** What to call it in a sentence. */
    public String title() {
        return title;
    }

    /** The trouble that a line of the console tells of. */
    public static Optional<Trouble> in(String line) {
        return Arrays.stream(values())
                .filter(trouble -> trouble.pattern.matcher(line).find())
                .findFirst();
    }
}
