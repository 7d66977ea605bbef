// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Version;
import dev.holdfast.vm.VmFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command {@code holdfast-vm}. */
@Command(
        name = "holdfast-vm",
        description = "Stock kernels for the tests: fetch them, build the module for them, look around in a VM.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage"},
        subcommands = {
            FetchCommand.class,
            BuildCommand.class,
            CheckCommand.class,
            ShellCommand.class,
            UpdateCommand.class
        })
public final class Main {

    private Main() {}

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::failure)
                .execute(args));
    }

    /** What the user can mend is told; anything else is a defect and is thrown on. */
    public static int failure(Exception e, CommandLine command, ParseResult result) throws Exception {
        if (e instanceof HarnessException || e instanceof VmFailure) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": error: " + e.getMessage());
            return 1;
        }
        throw e;
    }
}
