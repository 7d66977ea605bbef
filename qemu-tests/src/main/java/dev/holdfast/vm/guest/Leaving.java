// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Kexec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Leaves the running kernel; never returns. */
public final class Leaving implements GuestTask<Leaving.Way, None> {

    /** What the task says last. */
    public static final String LAST_WORD = "leaving";

    /** Ways to leave. */
    public enum Way {
        /** Into the loaded kernel. */
        KEXEC,
        /** By a panic, into the loaded crash kernel. */
        PANIC,
        /** By switching the machine off. */
        POWER_OFF
    }

    @Override
    public None run(Way way, Progress progress) throws IOException, InterruptedException {
        progress.say(LAST_WORD);
        switch (way) {
            case KEXEC -> Kexec.execute();
            case PANIC -> Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
            case POWER_OFF -> new ProcessBuilder("/bin/poweroff", "-f").start().waitFor();
        }
        throw new IOException("still running after " + way);
    }
}
