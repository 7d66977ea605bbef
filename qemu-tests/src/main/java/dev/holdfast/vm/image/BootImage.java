// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tukaani.xz.XZInputStream;

/**
 * A kernel with its initial RAM file system, for QEMU to boot.
 *
 * @param kernel the compressed kernel image
 * @param initrd the initial RAM file system
 * @param directory the directory that holds both as {@code vmlinuz} and {@code initrd}, named by the kernel's release
 */
public record BootImage(Path kernel, Path initrd, Path directory) {

    private static final String KIND = "boot";
    private static final int KEEP = 60;

    /** What a VM needs before it can mount its drives. */
    private static final List<String> FIRST_MODULES = List.of("virtio_pci", "virtio_blk", "squashfs");

    /** Makes it, or takes it from the cache. {@code modules} are loaded by init in their order. */
    public static BootImage of(Cache cache, Kernel kernel, Path busybox, List<Path> modules) {
        ContentHash hash = new ContentHash("boot 3")
                .add(kernel.release())
                .add(kernel.packageVersion())
                .add(busybox)
                .add(init());
        modules.forEach(module -> hash.add(module.getFileName().toString()).add(module));
        Path entry = cache.entry(KIND, hash.name(), directory -> {
            Path boot = Files.createDirectories(directory.resolve(kernel.release()));
            Files.createLink(boot.resolve("vmlinuz"), kernel.image());
            writeInitrd(boot.resolve("initrd"), kernel, busybox, modules);
        });
        cache.prune(KIND, KEEP);
        Path boot = entry.resolve(kernel.release());
        return new BootImage(boot.resolve("vmlinuz"), boot.resolve("initrd"), boot);
    }

    private static void writeInitrd(Path file, Kernel kernel, Path busybox, List<Path> modules) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String path : ModuleOrder.of(kernel.modules()).toLoad(needed(modules))) {
            files.add(kernel.modules().resolve(path));
        }
        files.addAll(modules);
        try (Initramfs archive = new Initramfs(Files.newOutputStream(file))) {
            for (String directory : List.of("bin", "dev", "proc", "sys", "system", "modules")) {
                archive.directory(directory);
            }
            archive.console();
            archive.file("bin/busybox", 0755, busybox);
            archive.file("init", 0755, init());
            StringBuilder list = new StringBuilder();
            for (Path module : files) {
                String name = "modules/" + module.getFileName().toString().replaceFirst("\\.xz$", "");
                archive.file(name, 0644, unpacked(module));
                list.append('/').append(name).append('\n');
            }
            archive.file("modules.list", 0644, list.toString());
        }
    }

    /** Under emulation, unpacking costs more than reading, and every kernel that is booted would do it again. */
    private static byte[] unpacked(Path module) throws IOException {
        try (InputStream in = Files.newInputStream(module);
                InputStream whole = module.toString().endsWith(".xz") ? new XZInputStream(in) : in) {
            return whole.readAllBytes();
        }
    }

    /** The kernel's own modules that are needed: those for the drives, and what our modules depend on. */
    private static List<String> needed(List<Path> modules) {
        List<String> names = new ArrayList<>(FIRST_MODULES);
        for (Path module : modules) {
            for (String line :
                    Command.of(modinfo(), "-F", "depends", module.toString()).run()) {
                Arrays.stream(line.split(",", -1))
                        .filter(name -> !name.isBlank())
                        .forEach(names::add);
            }
        }
        return names;
    }

    private static String modinfo() {
        return Command.exists("modinfo") ? "modinfo" : "/usr/sbin/modinfo";
    }

    private static String init() {
        return resource("init");
    }

    static String resource(String name) {
        try (InputStream in = BootImage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new HarnessException("the resource " + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
