// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.vm.Version;
import dev.holdfast.vm.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code holdfast-figures}. */
@Command(
        name = "holdfast-figures",
        description = "Measures; nothing here passes or fails by a time. Results are also put into build/figures/.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "1:failed", "2:usage"},
        subcommands = {MountFigures.class, BootFigures.class})
public final class Figures {

    private Figures() {}

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Figures())
                .setExecutionExceptionHandler(Main::failure)
                .execute(args));
    }
}
