// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A kernel to jump to.
 *
 * @param kernel the kernel image (vmlinuz)
 * @param initrd its initial RAM disk, null for none
 * @param commandLine its command line, at most 2047 bytes; must keep every region away from it, see {@link KexecCommandLine}
 */
public record KexecImage(Path kernel, @Nullable Path initrd, String commandLine) {
    /** Longest command line, in bytes: COMMAND_LINE_SIZE of x86 and arm64 less the zero at its end. */
    public static final int COMMAND_LINE_MAX = 2047;

    private static final String ACTION = "use command line";
    private static final String METHOD = "KexecImage";

    /**
     * States an image.
     *
     * @throws InvalidArgumentException if the command line is too long or contains a line break or NUL
     */
    public KexecImage {
        int bytes = commandLine.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > COMMAND_LINE_MAX) {
            throw new InvalidArgumentException(
                    ACTION,
                    commandLine,
                    METHOD,
                    "it has " + bytes + " bytes",
                    "shorten it to at most " + COMMAND_LINE_MAX + ": the kernel would cut it off");
        }
        if (commandLine.chars().anyMatch(character -> character == '\n' || character == '\r' || character == 0)) {
            throw new InvalidArgumentException(
                    ACTION, commandLine, METHOD, "it contains a line break or NUL", "give all parameters on one line");
        }
    }

    /** A kernel that needs no initial RAM disk. */
    public static KexecImage withoutInitrd(Path kernel, String commandLine) {
        return new KexecImage(kernel, null, commandLine);
    }
}
