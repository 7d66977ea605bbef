// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** What the demo prints: numbered steps with their times, and in between what there is to say. */
final class Story {

    private static final int COLUMN = 66;

    private final PrintWriter out;
    private int step;
    private boolean inStep;

    Story(PrintWriter out) {
        this.out = out;
    }

    /** A line of its own; within a step it breaks the step's line. */
    void say(String line) {
        if (inStep) {
            out.println();
            inStep = false;
        }
        out.println(line);
        out.flush();
    }

    /** Something about the step under way. */
    void aside(String line) {
        say("    " + line);
    }

    /** Starts a step; {@link #done} ends it. */
    void begin(String told) {
        out.print(String.format(Locale.ROOT, "%2d. %-" + COLUMN + "s", ++step, told));
        out.flush();
        inStep = true;
    }

    void done(long millis) {
        String indent = inStep ? "" : " ".repeat(COLUMN + 4);
        inStep = false;
        say(indent + String.format(Locale.ROOT, "%7.2f s", millis / 1e3));
    }

    /** One row of the table of what was checked. */
    void check(String what, String found, boolean good) {
        say(String.format(Locale.ROOT, "  %-44s %-18s %s", what, found, good ? "ok" : "WRONG"));
    }

    void time(String what, long millis) {
        say(String.format(Locale.ROOT, "  %-44s %9d ms", what, millis));
    }
}
