// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An external command, run to its end.
 *
 * @param words the command and its arguments
 * @param directory where it runs
 * @param environment what to add to the environment
 */
public record Command(List<String> words, Path directory, Map<String, String> environment) {

    /** A command in the current directory. */
    public static Command of(List<String> words) {
        return new Command(List.copyOf(words), Path.of("").toAbsolutePath(), Map.of("LC_ALL", "C"));
    }

    /** A command in the current directory. */
    public static Command of(String... words) {
        return of(List.of(words));
    }

    /** The same, with more arguments. */
    public Command and(List<String> arguments) {
        List<String> all = new ArrayList<>(words);
        all.addAll(arguments);
        return new Command(List.copyOf(all), directory, environment);
    }

    /** The same, run in a directory. */
    public Command in(Path where) {
        return new Command(words, where, environment);
    }

    /** The same, with one more environment variable. */
    public Command with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(words, directory, Map.copyOf(more));
    }

    /**
     * What came of a command.
     *
     * @param exitCode its exit code
     * @param lines standard output and error
     */
    public record Outcome(int exitCode, List<String> lines) {}

    /** Runs it and returns its output; an exit code other than 0 is an error. */
    public List<String> run() {
        return checked(attempt(line -> {}));
    }

    /** The output of this command if its exit code was 0; any other is an error. */
    public List<String> checked(Outcome outcome) {
        if (outcome.exitCode() != 0) {
            throw new HarnessException("failed with exit code " + outcome.exitCode() + ": " + String.join(" ", words)
                    + lastLines(outcome.lines()));
        }
        return outcome.lines();
    }

    /** Runs it, whatever comes of it. Each line of output also goes to {@code onLine} as it comes. */
    public Outcome attempt(Consumer<String> onLine) {
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = start(builder);
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            process.getOutputStream().close();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                onLine.accept(line);
            }
            return new Outcome(process.waitFor(), List.copyOf(lines));
        } catch (IOException e) {
            throw new HarnessException("cannot read the output of " + words.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HarnessException("interrupted: " + words.get(0), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new HarnessException("cannot run " + words.get(0) + ": not installed? (" + e.getMessage() + ")", e);
        }
    }

    private static String lastLines(List<String> lines) {
        List<String> tail = lines.subList(Math.max(0, lines.size() - 20), lines.size());
        return tail.isEmpty() ? "" : "\n    " + String.join("\n    ", tail);
    }

    /** Whether a command of this name is on the search path. */
    public static boolean exists(String name) {
        if (name.contains("/")) {
            return Files.isExecutable(Path.of(name));
        }
        for (String directory :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, name))) {
                return true;
            }
        }
        return false;
    }
}
