// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.HoldfastException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code holdfastctl}. */
@Command(
        name = "holdfastctl",
        description = "Looks after regions: memory that survives kexec.",
        subcommands = {
            ListCommand.class,
            FormatCommand.class,
            MountCommand.class,
            CreateCommand.class,
            RemoveCommand.class,
            StatCommand.class,
            LayoutCommand.class,
            FsckCommand.class,
            PreflightCommand.class,
            KexecCommand.class,
            DoctorCommand.class,
            SetupCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        },
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and nothing is wrong",
            "1:failed; one line on standard error says why",
            "2:wrong usage",
            "3:done, and something is wrong: fsck found damage, preflight or kexec a reason not to jump, doctor that this host is not"
                    + " ready"
        })
public final class Main implements Runnable {
    /** The command did what it was asked to, and what it found is not good. */
    static final int FOUND = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Runs the command; exits with its exit code unless that is 0. */
    public static void main(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(out, err, args);
        if (out.checkError() && exitCode == 0) {
            err.println("holdfastctl: error: standard output cannot be written");
            exitCode = 1;
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs the command in this process and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::failure)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": error: " + e.getMessage() + "; " + name + " --help says how");
        return CommandLine.ExitCode.USAGE;
    }

    /** What the user can mend is told in one line; anything else is a defect and is thrown on. */
    private static int failure(Exception e, CommandLine command, ParseResult result) throws Exception {
        if (e instanceof HoldfastException || e instanceof CommandFailure) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": error: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }
}
