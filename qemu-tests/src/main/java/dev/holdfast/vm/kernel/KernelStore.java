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

/**
 * Stock kernels in the cache. The newest version is looked up when a kernel is fetched first, and again only when asked for,
 * so that later runs need no network.
 */
public final class KernelStore {

    private static final String KIND = "kernel";
    private static final String APT = "apt";

    private final Cache cache;
    private final Report report;

    /** A store in the cache. */
    public KernelStore(Cache cache, Report report) {
        this.cache = cache;
        this.report = report;
    }

    /** The kernel in the cache, fetched if there is none. */
    public Kernel get(KernelSpec spec) {
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
            throw new HarnessException("cannot read " + pointer, e);
        }
    }

    /** Looks up the newest version and fetches it, unless it is in the cache. */
    public Kernel fetch(KernelSpec spec) {
        return cache.alone(APT, () -> download(spec));
    }

    /** Only called alone: apt's own directories are shared. */
    private Kernel download(KernelSpec spec) {
        try {
            AptRoot apt = apt(spec);
            DebianPackage image = only(apt, "linux-image-" + spec.flavour(), "linux-image-" + spec.version() + ".");
            String release = image.name().substring("linux-image-".length());
            List<DebianPackage> headers = apt.dependencies("linux-headers-" + release);
            String version = apt.newest(image.name()).version();
            Path entry = cache.entry(KIND, release + "_" + version, root -> {
                report.say("fetching kernel " + release + " " + version);
                apt.unpack(packages(image, release, headers), root);
                prepare(root, release);
            });
            remember(spec, release, version);
            return new Kernel(release, version, entry);
        } catch (IOException e) {
            throw new HarnessException("cannot fetch kernel " + spec + ": " + e, e);
        }
    }

    /** Other packages whose files a VM needs, unpacked with the libraries they need, from the release that the kernel is from. */
    public Path tools(KernelSpec spec, List<String> names) {
        return cache.entry(
                "tools",
                spec.suite() + "_" + String.join("+", names),
                root -> cache.alone(APT, () -> {
                    AptRoot apt = apt(spec);
                    apt.unpack(apt.withLibraries(names), root);
                    return root;
                }));
    }

    private AptRoot apt(KernelSpec spec) throws IOException {
        return AptRoot.refresh(cache.directory().resolve(APT).resolve(spec.suite()), spec.suite(), report);
    }

    private static DebianPackage only(AptRoot apt, String metaPackage, String prefix) {
        return apt.dependencies(metaPackage).stream()
                .filter(dependency -> dependency.name().startsWith(prefix))
                .findFirst()
                .orElseThrow(() -> new HarnessException(metaPackage + " does not depend on a " + prefix
                        + "… package: the release carries another version now; correct kernels.list"));
    }

    private static List<String> packages(DebianPackage image, String release, List<DebianPackage> headers) {
        List<String> names = new java.util.ArrayList<>(List.of(image.name(), "linux-headers-" + release));
        headers.stream()
                .map(DebianPackage::name)
                .filter(name -> name.matches("linux-headers-.*-common|linux-kbuild-.*"))
                .forEach(names::add);
        return names;
    }

    private static void prepare(Path root, String release) throws IOException {
        new HeaderTree(root.resolve("usr/src/linux-headers-" + release)).relocate();
        Path modules = root.resolve("lib/modules/" + release);
        Files.deleteIfExists(modules.resolve("build"));
        Files.deleteIfExists(modules.resolve("source"));
        Command.of(depmod(), "-b", root.toString(), release).run();
    }

    /** An ordinary user's search path often lacks the directory of depmod. */
    private static String depmod() {
        return Command.exists("depmod") ? "depmod" : "/usr/sbin/depmod";
    }

    private Path pointer(KernelSpec spec) {
        return cache.directory().resolve(KIND).resolve(spec.id() + ".current");
    }

    private void remember(KernelSpec spec, String release, String version) throws IOException {
        Path draft = Files.createTempFile(cache.directory().resolve(KIND), ".current-", "");
        Files.writeString(draft, release + " " + version + "\n");
        Files.move(draft, pointer(spec), StandardCopyOption.ATOMIC_MOVE);
    }
}
