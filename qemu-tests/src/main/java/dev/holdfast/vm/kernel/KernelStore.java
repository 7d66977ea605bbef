// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Kernels in the cache. What is there once is not looked up again, so that later runs need no network. */
public final class KernelStore {

    private static final String KIND = "kernel";
    static final String APT = "apt";

    private final Cache cache;
    private final Report report;

    /** A store in the cache. */
    public KernelStore(Cache cache, Report report) {
        this.cache = cache;
        this.report = report;
    }

    /** The kernel in the cache, fetched if there is none. */
    public Kernel get(KernelSpec spec) {
        if (spec.debug()) {
            return new DebugKernels(cache, report).get(spec);
        }
        return known(spec).orElseGet(() -> cache.alone(APT, () -> known(spec).orElseGet(() -> download(spec))));
    }

    private Optional<Kernel> known(KernelSpec spec) {
        Path pointer = pointer(spec);
        try {
            if (!Files.exists(pointer)) {
                return Optional.empty();
            }
            String[] known = Files.readString(pointer).strip().split(" ", -1);
            Path entry = cache.directory().resolve(KIND).resolve(known[0] + "_" + known[1]);
            return Files.isDirectory(entry) ? Optional.of(new Kernel(known[0], known[1], entry)) : Optional.empty();
        } catch (IOException e) {
            throw new HarnessException("cannot read " + pointer + ": " + e, e);
        }
    }

    /** Only called alone: apt's own directories are shared. */
    private Kernel download(KernelSpec spec) {
        try {
            AptRoot apt = apt(spec.suite());
            KernelPackages found = KernelPackages.pinned(apt, spec, report);
            Path entry = cache.entry(KIND, found.release() + "_" + found.version(), root -> {
                report.say("fetching kernel " + found.release() + " " + found.version());
                apt.unpack(found.packages().stream().map(DebianPackage::exactly).toList(), root);
                prepare(root, found.release());
            });
            remember(spec, found.release(), found.version());
            return new Kernel(found.release(), found.version(), entry);
        } catch (IOException e) {
            throw new HarnessException("cannot fetch kernel " + spec + ": " + e, e);
        }
    }

    /** The same kernel, pinned at the newest version that the mirror carries. Nothing is fetched. */
    public KernelSpec newest(KernelSpec spec) {
        return cache.alone(
                APT,
                () -> spec.at(KernelPackages.newest(apt(spec.suite()), spec).version()));
    }

    /** Packages whose files a VM needs, unpacked with the libraries they need. */
    public Path tools(String suite, List<String> names) {
        return cache.entry(
                "tools",
                suite + "_" + String.join("+", names),
                root -> cache.alone(APT, () -> {
                    AptRoot apt = apt(suite);
                    apt.unpack(apt.withLibraries(names), root);
                    return root;
                }));
    }

    private AptRoot apt(String suite) throws IOException {
        return AptRoot.refresh(cache.directory().resolve(APT).resolve(suite), suite, report);
    }

    /** Makes every kernel look as the older packages lay it out, and its header tree work where it is. */
    private static void prepare(Path root, String release) throws IOException {
        new HeaderTree(root.resolve("usr/src/linux-headers-" + release)).relocate();
        Path modules = root.resolve("lib/modules/" + release);
        Path merged = root.resolve("usr/lib/modules/" + release);
        if (!Files.exists(modules)) {
            Files.createDirectories(modules.resolveSibling("."));
            Files.move(merged, modules);
            Files.createDirectories(root.resolve("boot"));
            Files.move(modules.resolve("vmlinuz"), root.resolve("boot/vmlinuz-" + release));
        }
        Files.deleteIfExists(modules.resolve("build"));
        Files.deleteIfExists(modules.resolve("source"));
        Command.of(depmod(), "-b", root.toString(), release).run();
    }

    /** An ordinary user's search path often lacks the directory of depmod. */
    private static String depmod() {
        return Command.exists("depmod") ? "depmod" : "/usr/sbin/depmod";
    }

    private Path pointer(KernelSpec spec) {
        return cache.directory().resolve(KIND).resolve(spec.id() + "-" + spec.pin() + ".current");
    }

    private void remember(KernelSpec spec, String release, String version) throws IOException {
        Path draft = Files.createTempFile(cache.directory().resolve(KIND), ".current-", "");
        Files.writeString(draft, release + " " + version + "\n");
        Files.move(draft, pointer(spec), StandardCopyOption.ATOMIC_MOVE);
    }
}
