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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The drive with what seldom changes: a Java runtime made of few modules, busybox, kexec, other programs if they are wanted, and
 * the shared libraries they need. It becomes the root of the file system in the VM.
 *
 * @param name what it was made from, as a hash
 * @param root the tree that the drive was made from
 * @param drive the read-only drive
 */
public record BaseImage(String name, Path root, Path drive) {

    private static final String KIND = "base";
    private static final int KEEP = 12;
    private static final List<String> JAVA_MODULES = List.of("java.base", "java.logging", "jdk.unsupported");
    private static final List<String> DIRECTORIES = List.of(
            "app", "bin", "boot", "debian", "dev", "etc", "jre", "lib", "lib64", "mnt", "proc", "run", "sbin", "sys",
            "tmp");

    /**
     * Makes it, or takes it from the cache. {@code tools} holds busybox-static, kexec-tools and perhaps more packages, unpacked; a
     * program of theirs takes the place of the busybox applet of its name. {@code moreJava} names modules of Java beside the few.
     */
    public static BaseImage of(Cache cache, Path tools, List<String> moreJava, Report report) {
        Path jdk = Path.of(System.getProperty("java.home"));
        Programs programs = new Programs(tools);
        String javaModules =
                Stream.concat(JAVA_MODULES.stream(), moreJava.stream()).collect(Collectors.joining(","));
        ContentHash hash = new ContentHash("base 3")
                .add(jdk.resolve("release"))
                .add(javaModules)
                .add(BootImage.resource("start"));
        programs.addTo(hash);
        List<Path> users = new ArrayList<>(programs.dynamic().values());
        users.add(jdk.resolve("bin/java"));
        LibraryClosure.of(users, libraryDirectories(programs, jdk)).forEach(hash::add);
        String name = hash.name();
        Path entry = cache.entry(KIND, name, directory -> {
            report.say("making the root image (Java runtime, busybox, " + programs.inWords() + ")");
            fill(directory.resolve("root"), jdk, javaModules, programs);
            Squashfs.make(directory.resolve("root"), directory.resolve("base.squashfs"));
        });
        cache.prune(KIND, KEEP);
        return new BaseImage(name, entry.resolve("root"), entry.resolve("base.squashfs"));
    }

    /** The static busybox of the unpacked package. */
    public static Path busybox(Path tools) {
        return new Programs(tools).busybox();
    }

    /** The Java runtime, for use outside. */
    public Path java() {
        return root.resolve("jre/bin/java");
    }

    private static void fill(Path root, Path jdk, String javaModules, Programs programs) throws IOException {
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.delete(root.resolve("jre"));
        jlink(jdk, javaModules, root.resolve("jre"));
        Files.copy(programs.busybox(), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : Command.of(programs.busybox().toString(), "--list").run()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        for (var program : programs.dynamic().entrySet()) {
            Files.copy(
                    program.getValue(),
                    root.resolve(program.getKey()),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(root.resolve("sbin/start"), BootImage.resource("start"));
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        copyLibraries(root, programs);
    }

    private static void jlink(Path jdk, String javaModules, Path jre) {
        Path jlink = jdk.resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new HarnessException("no " + jlink + ": the VM's Java runtime is made by a JDK, this is a JRE");
        }
        Command.of(
                        jlink.toString(),
                        "--add-modules",
                        javaModules,
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        jre.toString())
                .run();
        Command.of(jre.resolve("bin/java").toString(), "-Xshare:dump").run();
    }

    private static List<Path> libraryDirectories(Programs programs, Path jre) {
        List<Path> directories = new ArrayList<>(programs.libraryDirectories());
        directories.add(jre.resolve("lib/server"));
        directories.add(jre.resolve("lib"));
        return directories;
    }

    /** Those of the Java runtime itself are in place; the loader, named by its path, stays at that path. */
    private static void copyLibraries(Path root, Programs programs) throws IOException {
        List<Path> users = new ArrayList<>(programs.dynamic().values());
        users.add(root.resolve("jre/bin/java"));
        try (Stream<Path> files = Files.walk(root.resolve("jre/lib"))) {
            files.filter(file -> file.toString().endsWith(".so")).forEach(users::add);
        }
        for (Path library : LibraryClosure.of(users, libraryDirectories(programs, root.resolve("jre")))) {
            if (!library.startsWith(root)) {
                boolean loader = library.startsWith("/lib64");
                Path directory = Files.createDirectories(root.resolve(loader ? "lib64" : "lib/x86_64-linux-gnu"));
                Path target = directory.resolve(library.getFileName());
                if (!Files.exists(target)) { // some programs find it in /lib, others in /usr/lib
                    Files.copy(library.toRealPath(), target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
