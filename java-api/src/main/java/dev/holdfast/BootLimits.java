// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.boot.KernelImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host cannot boot, and what a kernel cannot do, whatever is in the regions.
 *
 * @param root where the host's /proc and /sys are
 */
record BootLimits(Path root) {
    /** This host. */
    static final BootLimits RUNNING = new BootLimits(Path.of("/"));

    private static final Pattern LOCKED_DOWN = Pattern.compile("\\[(integrity|confidentiality)]");
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +(\\d+) kB$");
    private static final String METHOD = "Preflight.of";
    private static final String HINT = "give a kernel image and its initrd";

    List<Finding> findings(KexecImage image) {
        List<Finding> findings = new ArrayList<>();
        kaslr(image).ifPresent(findings::add);
        signature(image).ifPresent(findings::add);
        memory(image).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> kaslr(KexecImage image) {
        KexecCommandLine line = new KexecCommandLine(image.commandLine());
        int ranges = line.reservations().size();
        return when(
                ranges > KexecCommandLine.MOST_RANGES_WITH_KASLR && !line.has("nokaslr"),
                Finding.Kind.NO_KASLR,
                false,
                "with " + ranges + " memmap= ranges, more than " + KexecCommandLine.MOST_RANGES_WITH_KASLR + ", "
                        + image.kernel() + " does not place itself at random",
                "reserve fewer and larger ranges");
    }

    /** How the running kernel is locked down; empty if it is not. */
    Optional<String> lockdown() {
        return read("sys/kernel/security/lockdown")
                .map(LOCKED_DOWN::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1));
    }

    private Optional<Finding> signature(KexecImage image) {
        Optional<String> mode = lockdown();
        boolean signed =
                mode.isEmpty() || file("read kernel", image.kernel()).read(() -> KernelImage.signed(image.kernel()));
        return when(
                !signed,
                Finding.Kind.UNSIGNED,
                true,
                "the running kernel is locked down (" + mode.orElse("") + ") and " + image.kernel()
                        + " has no signature",
                "jump into a kernel that is signed");
    }

    /** Both are read into memory before anything else is given back. */
    private Optional<Finding> memory(KexecImage image) {
        long kernel = size("read kernel", image.kernel());
        Path initrd = image.initrd();
        long needed = initrd == null ? kernel : kernel + size("read initrd", initrd);
        Optional<Long> available = read("proc/meminfo")
                .map(AVAILABLE::matcher)
                .filter(Matcher::find)
                .map(found -> Long.parseLong(found.group(1)) * 1024);
        return when(
                available.isPresent() && needed > available.get(),
                Finding.Kind.TOO_LARGE,
                true,
                image.kernel() + " and its initrd have " + needed + " bytes, and " + available.orElse(0L)
                        + " bytes of memory are available",
                "make the initrd smaller, or give memory back");
    }

    private static Optional<Finding> when(
            boolean found, Finding.Kind kind, boolean blocking, String what, String hint) {
        return found ? Optional.of(new Finding(kind, blocking, what, hint)) : Optional.empty();
    }

    private static long size(String action, Path path) {
        return file(action, path).read(() -> Files.size(path));
    }

    private static BootFile file(String action, Path path) {
        return new BootFile(action, path, METHOD, InvalidKernelException::new, HINT);
    }

    /** Empty where the kernel has no such file. */
    private Optional<String> read(String path) {
        Path file = root.resolve(path);
        return file("read", file).read(() -> {
            try {
                return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }
}
