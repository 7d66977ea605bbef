// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.unpacked.UnpackedImage;
import dev.holdfast.internal.unpacked.UnpackedImage.Host;
import dev.holdfast.internal.unpacked.UnpackedImage.Reserved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Unpacks the next kernel before the jump.
 *
 * @param root where the host's /proc and /sys are
 */
record Unpacking(Path root) {
    /** This host. */
    static final Unpacking RUNNING = new Unpacking(Path.of("/"));

    private static final String NO_PARAMETERS = "the running kernel does not tell its boot parameters";

    /** Why it cannot be done on this host, or with this kernel; empty if it can. */
    Optional<String> obstacle(KexecImage image) {
        Optional<String> mode = new BootLimits(root).lockdown();
        if (mode.isPresent()) {
            return Optional.of("the running kernel is locked down (" + mode.get() + ")");
        }
        Path parameters = root.resolve("sys/kernel/boot_params/data");
        if (!Files.exists(parameters)) {
            return Optional.of(NO_PARAMETERS);
        }
        try {
            return read(image, () -> UnpackedImage.obstacle(image.kernel(), Files.readAllBytes(parameters)));
        } catch (InvalidKernelException e) {
            return Optional.of(e.what());
        }
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
        return new Host(
                Files.readAllBytes(root.resolve("sys/kernel/boot_params/data")),
                Files.readString(root.resolve("proc/iomem")));
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
