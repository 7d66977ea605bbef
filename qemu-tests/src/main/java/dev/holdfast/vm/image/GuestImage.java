// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A Linux guest for a hypervisor inside of a VM: a stock kernel, and an initrd with {@code witness.c} for its only program. */
public final class GuestImage {
    /** Its directory on the drive with the kernels. */
    public static final String NAME = "guest";

    private static final String KIND = "guest";
    private static final int KEEP = 6;

    /** What the guest's kernel needs for its console, wherever the hypervisor has it. */
    private static final List<String> MODULES = List.of("virtio_mmio", "virtio_pci", "virtio_console");

    private GuestImage() {}

    /** Makes it, or takes it from the cache: a directory with {@code vmlinuz} and {@code initrd}. */
    public static Path of(Cache cache, Kernel kernel) {
        Path witness = Program.of(
                cache, "witness", new TextTree(new TreeMap<>(Map.of("witness.c", BootImage.resource("witness.c")))));
        ContentHash hash = new ContentHash("guest 1")
                .add(kernel.release())
                .add(kernel.packageVersion())
                .add(String.join(" ", MODULES))
                .add(witness);
        Path entry = cache.entry(KIND, hash.name(), directory -> {
            Path guest = Files.createDirectories(directory.resolve(NAME));
            Files.createLink(guest.resolve("vmlinuz"), kernel.image());
            writeInitrd(guest.resolve("initrd"), kernel, witness);
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(NAME);
    }

    private static void writeInitrd(Path file, Kernel kernel, Path witness) throws IOException {
        Set<String> modules = ModuleOrder.of(kernel.modules()).toLoad(MODULES);
        try (Initramfs archive = new Initramfs(Files.newOutputStream(file))) {
            for (String directory : List.of("dev", "tmp", "modules")) {
                archive.directory(directory);
            }
            archive.console();
            archive.file("init", 0755, witness);
            StringBuilder list = new StringBuilder();
            for (String module : modules) {
                Path path = kernel.modules().resolve(module);
                archive.file("modules/" + path.getFileName(), 0644, path);
                list.append("/modules/").append(path.getFileName()).append('\n');
            }
            archive.file("modules.list", 0644, list.toString());
        }
    }
}
