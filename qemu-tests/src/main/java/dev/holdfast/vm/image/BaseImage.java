// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The drive with what seldom changes: a Java runtime made of few modules, busybox, kexec, and the shared libraries they need.
 * It becomes the root of the file system in the VM.
 *
 * @param name what it was made from, as a hash
 * @param root the tree that the drive was made from
 * @param drive the read-only drive
 */
public record BaseImage(String name, Path root, Path drive) {

    private static final String KIND = "base";
    private static final int KEEP = 12;
    private static final String JAVA_MODULES = "java.base,java.logging";
    private static final List<String> DIRECTORIES = List.of(
            "app", "bin", "boot", "dev", "etc", "jre", "lib", "lib64", "mnt", "proc", "run", "sbin", "sys", "tmp");

    /** Makes it, or takes it from the cache. {@code tools} holds busybox-static and kexec-tools, unpacked. */
    public static BaseImage of(Cache cache, Path tools, Report report) {
        Path jdk = Path.of(System.getProperty("java.home"));
        ContentHash hash = new ContentHash("base 1")
                .add(jdk.resolve("release"))
                .add(JAVA_MODULES)
                .add(busybox(tools))
                .add(kexec(tools))
                .add(BootImage.resource("start"));
        LibraryClosure.of(List.of(kexec(tools), jdk.resolve("bin/java")), libraryDirectories(tools, jdk))
                .forEach(hash::add);
        String name = hash.name();
        Path entry = cache.entry(KIND, name, directory -> {
            report.say("making the root image (Java runtime, busybox, kexec)");
            fill(directory.resolve("root"), jdk, tools);
            Squashfs.make(directory.resolve("root"), directory.resolve("base.squashfs"));
        });
        cache.prune(KIND, KEEP);
        return new BaseImage(name, entry.resolve("root"), entry.resolve("base.squashfs"));
    }

    /** The static busybox of the unpacked package. */
    public static Path busybox(Path tools) {
        return tools.resolve("bin/busybox");
    }

    private static Path kexec(Path tools) {
        return tools.resolve("sbin/kexec");
    }

    /** The Java runtime, for use outside. */
    public Path java() {
        return root.resolve("jre/bin/java");
    }

    private static void fill(Path root, Path jdk, Path tools) throws IOException {
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.delete(root.resolve("jre"));
        jlink(jdk, root.resolve("jre"));
        Files.copy(busybox(tools), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : Command.of(busybox(tools).toString(), "--list").run()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        Files.copy(kexec(tools), root.resolve("sbin/kexec"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(root.resolve("sbin/start"), BootImage.resource("start"));
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        copyLibraries(root, tools);
    }

    private static void jlink(Path jdk, Path jre) {
        Path jlink = jdk.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new HarnessException("no " + jlink + ": the VM's Java runtime is made by a JDK, this is a JRE");
        }
        Command.of(
                        jlink.toString(),
                        "--add-modules",
                        JAVA_MODULES,
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        jre.toString())
                .run();
        Command.of(jre.resolve("bin/java").toString(), "-Xshare:dump").run();
    }

    private static List<Path> libraryDirectories(Path tools, Path jre) {
        return List.of(
                tools.resolve("usr/lib/x86_64-linux-gnu"),
                tools.resolve("lib/x86_64-linux-gnu"),
                jre.resolve("lib/server"),
                jre.resolve("lib"));
    }

    /** Those of the Java runtime itself are in place; the loader, named by its path, stays at that path. */
    private static void copyLibraries(Path root, Path tools) throws IOException {
        List<Path> programs = new ArrayList<>(List.of(root.resolve("sbin/kexec"), root.resolve("jre/bin/java")));
        try (Stream<Path> files = Files.walk(root.resolve("jre/lib"))) {
            files.filter(file -> file.toString().endsWith(".so")).forEach(programs::add);
        }
        for (Path library : LibraryClosure.of(programs, libraryDirectories(tools, root.resolve("jre")))) {
            if (!library.startsWith(root)) {
                boolean loader = library.startsWith("/lib64");
                Path directory = Files.createDirectories(root.resolve(loader ? "lib64" : "lib/x86_64-linux-gnu"));
                Files.copy(
                        library.toRealPath(),
                        directory.resolve(library.getFileName()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
