// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import com.google.gson.Gson;
import com.sun.jna.Native;
import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.guest.Agent;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The small drive that changes with our classes: one jar with agent, library and tests, JNA's native half, and the archive of
 * shared classes that makes Java start quickly.
 *
 * @param drive the read-only drive
 */
public record AppImage(Path drive) {

    private static final String KIND = "app";
    private static final int KEEP = 24;
    private static final String LAYER = "layer";
    private static final String JNA_NATIVE = "com/sun/jna/linux-x86-64/libjnidispatch.so";

    private static final String CLASSES = "app.jar";

    /**
     * What Java is started with has no classes: it reads the whole directory of that jar before it looks into its archive of classes,
     * which takes some tenths of a second under emulation. Java 24 and newer warn of what JNA does, unless the manifest allows it. The option of the same
     * name would do too, but is no part of Java's own archive of classes, which then is not used to the full.
     */
    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Main-Class: %s
            Class-Path: %s
            Enable-Native-Access: ALL-UNNAMED
            """.formatted(Agent.class.getName(), CLASSES);

    private static final String START = "start.jar";

    /** Formats that nothing here reads: half of that library. */
    private static final String NEEDLESS =
            "org/apache/commons/compress/(harmony|.*/(sevenz|dump|tar|arj|pack200|brotli|snappy))/.*";

    /** The first Java that takes the option about what unpacks zstd; a later one warns without it. */
    private static final int KNOWS_UNSAFE = 23;

    /** Options of the VM's Java, in the VM and in the rehearsal alike. */
    private static final List<String> JVM_OPTIONS = jvmOptions();

    /**
     * Makes it, or takes it from the cache. {@code tests} are classes beside which all others are taken along, {@code programs} are put
     * into the folder {@code programs}, and what is in the directory {@code layer} into the folder of that name.
     */
    public static AppImage of(
            Cache cache, BaseImage base, Set<Class<?>> tests, List<Path> programs, @Nullable Path layer) {
        GuestJar start = new GuestJar().add(JarFile.MANIFEST_NAME, MANIFEST);
        GuestJar jar = new GuestJar()
                .addFrom(Agent.class, name -> name.matches("dev/holdfast/vm/(guest|channel)/.*\\.class"))
                .addFrom(PhysicalRange.class, name -> name.endsWith(".class"))
                .addFrom(Gson.class, name -> name.startsWith("com/google/gson/"))
                .addFrom(Native.class, name -> name.matches("com/sun/jna/.*\\.class"))
                .addFrom(CpioArchiveInputStream.class, name -> name.endsWith(".class") && !name.matches(NEEDLESS))
                .addFrom(IOUtils.class, name -> name.endsWith(".class"))
                .addFrom(XZInputStream.class, name -> name.endsWith(".class"))
                .addFrom(ZstdInputStream.class, name -> name.startsWith("io/airlift/compress/"));
        tests.forEach(test -> jar.addFrom(test, name -> name.endsWith(".class") || name.endsWith(".bin")));
        ContentHash hash = new ContentHash("app 3").add(base.name()).add(String.join(" ", options()));
        jar.addTo(start.addTo(hash));
        programs.forEach(program -> hash.add(program.getFileName().toString()).add(program));
        if (layer != null) {
            addTree(hash, layer);
        }
        Path entry = cache.entry(KIND, hash.name(), directory -> {
            Path root = Files.createDirectories(directory.resolve("root"));
            start.write(root.resolve(START));
            jar.write(root.resolve(CLASSES));
            fill(root, base);
            for (Path program : programs) {
                Path copy = root.resolve("programs").resolve(program.getFileName());
                Files.createDirectories(copy.getParent());
                Files.copy(program, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
            if (layer != null) {
                Command.of("cp", "--recursive", "--preserve=mode", "--no-dereference", layer.toString(), LAYER)
                        .in(root)
                        .run();
            }
            Squashfs.make(root, directory.resolve("app.squashfs"));
        });
        cache.prune(KIND, KEEP);
        return new AppImage(entry.resolve("app.squashfs"));
    }

    /** The jar that a class is in. */
    public static Path jarOf(Class<?> anchor) {
        Path jar = GuestJar.source(anchor);
        if (!Files.isRegularFile(jar)) {
            throw new HarnessException(anchor.getName() + " is in no jar but in " + jar + ": run what make built");
        }
        return jar;
    }

    /** Where each file is, what it is, who may use it, and what is in it. */
    private static void addTree(ContentHash hash, Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted().toList()) {
                hash.add(directory.relativize(file).toString());
                if (Files.isSymbolicLink(file)) {
                    hash.add("-> " + Files.readSymbolicLink(file));
                    continue;
                }
                hash.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                if (Files.isRegularFile(file)) {
                    hash.add(file);
                }
            }
        } catch (IOException e) {
            throw new HarnessException("cannot read " + directory, e);
        }
    }

    private static void fill(Path root, BaseImage base) throws IOException {
        Path nativeHalf = root.resolve("native/libjnidispatch.so");
        Files.createDirectories(nativeHalf.getParent());
        Files.write(nativeHalf, GuestJar.resource(Native.class, JNA_NATIVE));
        Files.writeString(root.resolve("jvm.options"), String.join("\n", options()) + "\n");
        List<String> rehearsal = new ArrayList<>(List.of(base.java().toString(), "-XX:ArchiveClassesAtExit=app.jsa"));
        rehearsal.addAll(JVM_OPTIONS);
        rehearsal.addAll(List.of("-jar", START, "--rehearse"));
        Command.of(rehearsal).in(root).run();
    }

    private static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:CompileThresholdScaling=20",
                "-XX:-UsePerfData",
                // The archive of classes is used where it was made for: to move it takes half a second.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                "-Djna.boot.library.path=native",
                "-Djna.nounpack=true",
                "-Djna.nosys=true"));
        if (Runtime.version().feature() >= KNOWS_UNSAFE) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        return List.copyOf(options);
    }

    private static List<String> options() {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.addAll(List.of("-XX:SharedArchiveFile=app.jsa", "-Xshare:auto", "-jar", START));
        return options;
    }
}
