// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a shell command. */
public final class Shell implements GuestTask<Shell.Args, Shell.Output> {

    private static final int OUTPUT_LIMIT = 100_000;

    /**
     * What to run.
     *
     * @param command a line for {@code sh -c}
     * @param timeoutMillis how long it may take, in milliseconds
     */
    public record Args(String command, long timeoutMillis) {}

    /**
     * What came of it. Of very long output it is the end.
     *
     * @param exitCode the command's exit code
     * @param stdout standard output, without the last line feeds
     * @param stderr standard error, without the last line feeds
     */
    public record Output(int exitCode, String stdout, String stderr) {

        /** Standard output, and behind it standard error. */
        public String output() {
            return stdout.isEmpty() || stderr.isEmpty() ? stdout + stderr : stdout + "\n" + stderr;
        }
    }

    @Override
    public Output run(Args args, Progress progress) throws IOException, InterruptedException, ExecutionException {
        Process process = new ProcessBuilder("/bin/sh", "-c", args.command()).start();
        process.getOutputStream().close();
        CompletableFuture<String> stdout = read(process.getInputStream());
        CompletableFuture<String> stderr = read(process.getErrorStream());
        try {
            stdout.thenCombine(stderr, String::concat).get(args.timeoutMillis(), TimeUnit.MILLISECONDS);
            return new Output(process.waitFor(), stdout.get(), stderr.get());
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("still running after " + args.timeoutMillis() + " ms: " + args.command(), e);
        }
    }

    /** On a thread of its own: a pipe that nobody reads stops the command. */
    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> text(stream), work -> new Thread(work, "output").start());
    }

    private static String text(InputStream stream) {
        try {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - OUTPUT_LIMIT)).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
