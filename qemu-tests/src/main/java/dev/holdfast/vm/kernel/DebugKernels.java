// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.buildroot.BuildRoot;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/**
 * Kernels that watch themselves (KASAN, lockdep, kmemleak, UBSAN), built from the distribution's sources and kept: once for
 * each version of the sources, the configuration and the recipe, which names the compiler.
 */
final class DebugKernels {

    private static final String KIND = "debug-kernel";
    private static final String APT = "apt";
    private static final String CONFIG = "debug.config";
    private static final String RECIPE = "build-debug-kernel";

    private final Cache cache;
    private final Report report;

    DebugKernels(Cache cache, Report report) {
        this.cache = cache;
        this.report = report;
    }

    /** The kernel in the cache; the first time, or when its configuration has changed, built from the newest sources. */
    Kernel get(KernelSpec spec) {
        try {
            Path pointer = pointer(spec);
            if (Files.exists(pointer)) {
                String version = Files.readString(pointer).strip();
                Path entry = cache.directory().resolve(KIND).resolve(key(spec, version));
                if (Files.isDirectory(entry)) {
                    return kernel(entry, version);
                }
            }
            return make(spec);
        } catch (IOException e) {
            throw new HarnessException("cannot make kernel " + spec + ": " + e, e);
        }
    }

    private Kernel make(KernelSpec spec) throws IOException {
        Path lists = cache.directory().resolve(APT).resolve(spec.suite());
        AptRoot apt = cache.alone(APT, () -> AptRoot.refresh(lists, spec.suite(), report));
        String version = apt.newest(source(spec)).version();
        Path entry = cache.entry(KIND, key(spec, version), directory -> {
            report.say("building the debug kernel " + spec.version() + " from " + source(spec) + " " + version
                    + ", once: a quarter of an hour on two processors");
            build(apt, source(spec), directory.toRealPath());
        });
        remember(spec, version);
        return kernel(entry, version);
    }

    private static Kernel kernel(Path entry, String version) throws IOException {
        String key = entry.getFileName().toString();
        return new Kernel(Files.readString(entry.resolve("release")).strip(), version + "+" + key, entry);
    }

    private static String key(KernelSpec spec, String version) throws IOException {
        return spec.id() + "-"
                + new ContentHash("debug kernel 2")
                        .add(version)
                        .add(resource(CONFIG))
                        .add(resource(RECIPE))
                        .name();
    }

    private void build(AptRoot apt, String source, Path directory) throws IOException {
        BuildRoot root = BuildRoot.of(cache, report);
        Path work = Files.createDirectory(directory.resolve("work"));
        cache.alone(APT, () -> {
            apt.unpack(List.of(source), work);
            return work;
        });
        Command.of("tar", "-xf", "usr/src/" + source + ".tar.xz").in(work).run();
        Path recipe = Files.writeString(work.resolve(RECIPE), resource(RECIPE));
        Path config = Files.writeString(work.resolve(CONFIG), resource(CONFIG));
        Command make = Command.of("/bin/sh", recipe.toString(), config.toString(), directory.toString())
                .in(work.resolve(source));
        root.run(make, directory);
        PathUtils.deleteDirectory(work);
    }

    private static String source(KernelSpec spec) {
        return "linux-source-" + spec.version();
    }

    private void remember(KernelSpec spec, String version) throws IOException {
        Path draft = Files.createTempFile(cache.directory().resolve(KIND), ".current-", "");
        Files.writeString(draft, version + "\n");
        Files.move(draft, pointer(spec), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path pointer(KernelSpec spec) {
        return cache.directory().resolve(KIND).resolve(spec.id() + ".current");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = DebugKernels.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new HarnessException("the resource " + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
