// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.io.IOException;
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
     * What came of it.
     *
     * @param exitCode the command's exit code
     * @param output standard output and error, without the last line feed; the end only if it is very long
     */
    public record Output(int exitCode, String output) {}

    @Override
    public Output run(Args args, Progress progress) throws IOException, InterruptedException, ExecutionException {
        Process process = new ProcessBuilder("/bin/sh", "-c", args.command())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> {
            try {
                return process.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try {
            String text = new String(output.get(args.timeoutMillis(), TimeUnit.MILLISECONDS), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            return new Output(
                    exitCode,
                    text.substring(Math.max(0, text.length() - OUTPUT_LIMIT)).stripTrailing());
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("still running after " + args.timeoutMillis() + " ms: " + args.command(), e);
        }
    }
}
