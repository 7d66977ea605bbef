// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.buildroot.BuildRoot;
import dev.holdfast.vm.image.Cache;
import java.nio.file.Path;
import java.util.List;

/**
 * The compiler that a kernel was built with: the host's if it has that one, else the build root's.
 *
 * @param compiler its name as a command
 * @param cache where the build root is
 * @param report where progress is told
 */
record Toolchain(String compiler, Cache cache, Report report) {

    /** That of a kernel. */
    static Toolchain of(Kernel kernel, Cache cache, Report report) {
        return new Toolchain(kernel.compiler(), cache, report);
    }

    /** What it is exactly, for the names of what it makes. */
    String identity() {
        return onHost() ? String.join("\n", Command.of(compiler, "--version").run()) : BuildRoot.identity();
    }

    /** What the compiler and the sparse that run here say that they are. */
    List<String> versions() {
        Command ask = Command.of("sh", "-c", compiler + " --version && sparse --version")
                .in(Path.of("/"));
        return ask.checked(attempt(ask));
    }

    /** Runs a command where the compiler is; it sees the {@code shared} directories. A build root is made if there is none. */
    Command.Outcome attempt(Command command, Path... shared) {
        if (onHost()) {
            return command.attempt(line -> {});
        }
        BuildRoot root = BuildRoot.of(cache, report);
        Command.Outcome outcome = root.attempt(command, shared);
        if (outcome.exitCode() != 0 && !hasCompiler(root)) {
            throw new HarnessException("the kernel was built with " + compiler
                    + ", which neither this machine nor the build root has: apt-get install " + compiler);
        }
        return outcome;
    }

    private boolean hasCompiler(BuildRoot root) {
        return root.attempt(Command.of("which", compiler).in(Path.of("/"))).exitCode() == 0;
    }

    private boolean onHost() {
        return Command.exists(compiler);
    }
}
