// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.probe.UnsupportedKernelException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every error as one line on standard error. */
final class OneLineErrors {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int UNSUPPORTED_KERNEL = 4;

    private OneLineErrors() {}

    static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String help = command.getCommandSpec().qualifiedName() + " --help";
        print(command, e.getMessage() + suggestion(e) + "; see " + help);
        return USAGE;
    }

    private static String suggestion(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? " (did you mean " + unmatched.getSuggestions().get(0) + "?)"
                : "";
    }

    /** What the user can mend gets a line; anything else is a defect of this program and is thrown on. */
    static int failure(Exception e, CommandLine command, ParseResult result) throws Exception {
        if (e instanceof UnsupportedKernelException) {
            print(command, String.valueOf(e.getMessage()));
            return UNSUPPORTED_KERNEL;
        }
        if (e instanceof CodegenException) {
            print(command, String.valueOf(e.getMessage()));
        } else if (e instanceof IOException io) {
            print(command, describe(io));
        } else {
            throw e;
        }
        return FAILED;
    }

    private static String describe(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder";
        }
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            return ((FileSystemException) e).getFile() + ": not a folder";
        }
        return String.valueOf(e.getMessage());
    }

    private static void print(CommandLine command, String message) {
        String line = message.lines().map(String::strip).collect(Collectors.joining(" "));
        command.getErr().println("holdfast-codegen: error: " + line);
    }
}
