// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.codegen.files.TextTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An initrd that does nothing, with {@code idle.c} for its only program: what a kernel takes until then is its own. */
public final class IdleImage {
    /** Its directory on the drive with the kernels. */
    public static final String NAME = "idle";

    private static final String KIND = "idle";
    private static final int KEEP = 2;

    private IdleImage() {}

    /** Makes it, or takes it from the cache: a directory with {@code initrd}. */
    public static Path of(Cache cache) {
        Path idle =
                Program.of(cache, NAME, new TextTree(new TreeMap<>(Map.of("idle.c", BootImage.resource("idle.c")))));
        Path entry = cache.entry(KIND, new ContentHash("idle 1").add(idle).name(), directory -> {
            Path image = Files.createDirectories(directory.resolve(NAME));
            try (Initramfs archive = new Initramfs(Files.newOutputStream(image.resolve("initrd")))) {
                for (String folder : List.of("dev", "proc")) {
                    archive.directory(folder);
                }
                archive.console();
                archive.file("init", 0755, idle);
            }
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(NAME);
    }
}
