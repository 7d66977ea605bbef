// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parameters of a module with fault injection. */
final class FaultModule {

    private static final Path PARAMETERS = Path.of("/sys/module/holdfast/parameters");
    private static final Path STOP_AFTER = PARAMETERS.resolve("stop_after");
    private static final Path PARK_AFTER = PARAMETERS.resolve("park_after");
    private static final Path PARKED = PARAMETERS.resolve("parked");

    private FaultModule() {}

    /** Lets the machine stop after so many more steps. */
    static void stopAfter(int steps) throws IOException {
        Files.writeString(STOP_AFTER, Integer.toString(steps));
    }

    /** Lets the calling thread stop after so many more steps of its own; 0: never. */
    static void parkAfter(int steps) throws IOException {
        Files.writeString(PARK_AFTER, Integer.toString(steps));
    }

    /** How many steps the calling thread has left. */
    static int left() throws IOException {
        return number(PARK_AFTER);
    }

    /** How many threads have stopped. */
    static int parked() throws IOException {
        return number(PARKED);
    }

    private static int number(Path parameter) throws IOException {
        return Integer.parseInt(Files.readString(parameter).strip());
    }
}
