// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.PrintStream;

/** Where the harness tells what it is doing, a line at a time. */
@FunctionalInterface
public interface Report {

    /** Says one line. */
    void say(String line);

    /** To a stream, each line under the project's name. */
    static Report to(PrintStream stream) {
        return line -> {
            stream.println("[holdfast] " + line);
            stream.flush();
        };
    }
}
