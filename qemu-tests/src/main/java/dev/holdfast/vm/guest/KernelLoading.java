// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Loads the next kernel, to be started by {@link Leaving} or by a panic. */
public final class KernelLoading implements GuestTask<KernelLoading.Args, None> {

    /** Who loads it. */
    public enum Loader {
        /** The library: kexec_file_load. */
        LIBRARY,
        /** The library, unpacked: kexec_load. */
        LIBRARY_UNPACKED,
        /** {@code kexec -s}: kexec_file_load. */
        TOOL_FILE,
        /** {@code kexec -l --mem-max=…}: kexec_load, segments put together in user space, kept below the regions. */
        TOOL_SEGMENTS,
        /** The same with {@code --no-checks}: no checksum is computed on the way into the next kernel. */
        TOOL_UNCHECKED
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
            case LIBRARY_UNPACKED -> Kexec.loadUnpacked(image(args));
            case TOOL_FILE -> tool(args, List.of("-s"));
            case TOOL_SEGMENTS -> tool(args, List.of("-c", "--mem-max=" + belowRegions(args.commandLine())));
            case TOOL_UNCHECKED ->
                tool(args, List.of("-c", "--no-checks", "--mem-max=" + belowRegions(args.commandLine())));
        }
        return None.NONE;
    }

    private static void library(Args args) {
        if (args.onPanic()) {
            Kexec.loadCrash(image(args));
        } else {
            Kexec.load(image(args));
        }
    }

    private static KexecImage image(Args args) {
        return new KexecImage(Path.of(args.kernel()), Path.of(args.initrd()), args.commandLine());
    }

    /**
     * The highest address that is below every region. kexec_load puts the next kernel where the firmware's memory map has RAM,
     * and that is also where the regions are: without a limit it overwrites them.
     */
    private static String belowRegions(String commandLine) {
        long lowest = Arrays.stream(commandLine.split(" ", -1))
                .filter(word -> word.startsWith("memmap="))
                .mapToLong(word ->
                        PhysicalRange.parse(word.substring("memmap=".length())).base())
                .min()
                .orElse(Long.MAX_VALUE);
        return "0x" + Long.toHexString(lowest - 1);
    }

    private static void tool(Args args, List<String> how) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("/sbin/kexec"));
        words.addAll(how);
        words.addAll(List.of(
                args.onPanic() ? "-p" : "-l",
                args.kernel(),
                "--initrd=" + args.initrd(),
                "--command-line=" + args.commandLine()));
        Process kexec = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(kexec.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (kexec.waitFor() != 0) {
            throw new IOException(
                    "failed with exit code " + kexec.exitValue() + ": " + String.join(" ", words) + ": " + output);
        }
    }
}
