// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.unpacked.UnpackedImage;
import dev.holdfast.internal.unpacked.UnpackedImage.Host;
import dev.holdfast.internal.unpacked.UnpackedImage.Reserved;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Unpacks the next kernel before the jump.
 *
 * @param root where the host's /proc and /sys are
 */
record Unpacking(Path root) {
    /** This host. */
    static final Unpacking RUNNING = new Unpacking(Path.of("/"));

    /** Why it cannot be done on this host, or with this kernel; empty if it can. */
    Optional<String> obstacle(KexecImage image) {
        Optional<String> mode = new BootLimits(root).lockdown();
        if (mode.isPresent()) {
            return Optional.of("the running kernel is locked down (" + mode.get() + ")");
        }
        if (!Files.exists(parameters())) {
            return Optional.of("the running kernel does not tell its boot parameters");
        }
        KexecCommandLine line = new KexecCommandLine(image.commandLine());
        if (line.changesMemory()) {
            return Optional.of("its command line changes the map of memory");
        }
        return read(image, () -> {
            boolean fiveLevels = Files.readString(root.resolve("proc/cpuinfo")).contains(" la57");
            if (fiveLevels && line.has("no5lvl")) {
                return Optional.of(
                        "the running kernel has page tables of five levels, and its command line says no5lvl");
            }
            if (hasLongMap()) {
                return Optional.of("the firmware's map of memory has more than 128 ranges");
            }
            try {
                return UnpackedImage.obstacle(image.kernel(), Files.readAllBytes(parameters()), fiveLevels);
            } catch (NoSuchFileException | AccessDeniedException e) {
                throw e;
            } catch (IOException e) {
                return Optional.of(Objects.requireNonNullElse(e.getMessage(), e.toString()));
            }
        });
    }

    private Path parameters() {
        return root.resolve("sys/kernel/boot_params/data");
    }

    /** Whether what the running kernel was told of memory goes on in further data, of the type SETUP_E820_EXT. */
    private boolean hasLongMap() throws IOException {
        Path further = root.resolve("sys/kernel/boot_params/setup_data");
        if (!Files.isDirectory(further)) {
            return false;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(further)) {
            for (Path one : all) {
                if (Files.readString(one.resolve("type")).strip().equals("0x1")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Puts the image together, for {@link UnpackedImage#load()}. */
    UnpackedImage unpack(KexecImage image) {
        KexecCommandLine line = new KexecCommandLine(image.commandLine());
        List<Reserved> reserved = line.reservations().stream()
                .map(range -> new Reserved(range.base(), range.size()))
                .toList();
        return read(
                image,
                () -> UnpackedImage.of(
                        image.kernel(), image.initrd(), line.text(), !line.has("nokaslr"), host(), reserved));
    }

    private Host host() throws IOException {
        return new Host(Files.readAllBytes(parameters()), Files.readString(root.resolve("proc/iomem")));
    }

    private static <T> T read(KexecImage image, BootFile.Reading<T> reading) {
        return new BootFile(
                        "unpack kernel",
                        image.kernel(),
                        "Kexec.loadUnpacked",
                        InvalidKernelException::new,
                        "load it as it is, with Kexec.load")
                .read(reading);
    }
}
