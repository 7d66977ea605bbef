// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Loads the next kernel, to be started by {@link Leaving} or by a panic. */
public final class KernelLoading implements GuestTask<KernelLoading.Args, None> {

    /** Who loads it. */
    public enum Loader {
        /** The library: kexec_file_load. */
        LIBRARY,
        /** {@code kexec -s}: kexec_file_load. */
        TOOL_FILE,
        /** {@code kexec -l}: kexec_load, segments put together in user space. */
        TOOL_SEGMENTS
    }

    /**
     * What to load.
     *
     * @param kernel compressed kernel image
     * @param initrd initial RAM file system
     * @param commandLine its command line
     * @param loader who loads it
     * @param onPanic to be started by a panic
     */
    public record Args(String kernel, String initrd, String commandLine, Loader loader, boolean onPanic) {}

    @Override
    public None run(Args args, Progress progress) throws IOException, InterruptedException {
        switch (args.loader()) {
            case LIBRARY -> library(args);
            case TOOL_FILE -> tool(args, "-s");
            case TOOL_SEGMENTS -> tool(args, "-c");
        }
        return None.NONE;
    }

    private static void library(Args args) {
        KexecImage image = new KexecImage(Path.of(args.kernel()), Path.of(args.initrd()), args.commandLine());
        if (args.onPanic()) {
            Kexec.loadCrash(image);
        } else {
            Kexec.load(image);
        }
    }

    private static void tool(Args args, String how) throws IOException, InterruptedException {
        List<String> words = List.of(
                "/sbin/kexec",
                how,
                args.onPanic() ? "-p" : "-l",
                args.kernel(),
                "--initrd=" + args.initrd(),
                "--command-line=" + args.commandLine());
        Process kexec = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(kexec.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (kexec.waitFor() != 0) {
            throw new IOException(
                    "failed with exit code " + kexec.exitValue() + ": " + String.join(" ", words) + ": " + output);
        }
    }
}
