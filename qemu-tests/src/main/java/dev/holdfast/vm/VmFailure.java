// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;
import java.nio.file.Path;
import java.util.List;

/** Something went wrong with a VM. The message ends with the last lines of the console and where the whole log is. */
public abstract sealed class VmFailure extends RuntimeException
        permits Panicked, Oopsed, Unsound, TimedOut, ExitedEarly, BootFailed, Garbled, GuestFailed {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String what;
    private final transient Evidence evidence;

    VmFailure(String what, Evidence evidence) {
        super(what + "\n" + evidence);
        this.what = what;
        this.evidence = evidence;
    }

    /** What went wrong, in one line. */
    public String what() {
        return what;
    }

    /** The kept console log. */
    public Path consoleLog() {
        return evidence.log();
    }

    /**
     * What the console said.
     *
     * @param log the kept log
     * @param lastLines its last lines, or those around the trouble
     */
    public record Evidence(Path log, List<String> lastLines) {

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("console, kept in " + log + ":\n");
            lastLines.forEach(line -> text.append("    ").append(line).append('\n'));
            return text.toString();
        }
    }
}
