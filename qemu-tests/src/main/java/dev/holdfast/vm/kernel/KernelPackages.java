// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The packages that make up one kernel and the tree that modules are built against.
 *
 * @param release as {@code uname -r} prints it
 * @param version the version of the packages
 * @param packages all of them, with their versions
 */
record KernelPackages(String release, String version, List<DebianPackage> packages) {

    private static final String IMAGE = "linux-image-";
    private static final String HEADERS = "linux-headers-";

    /** Newer kernels are cut into more packages than older ones. */
    private static final Pattern PART = Pattern.compile("linux-(image|binary|modules|base|headers|kbuild)-[0-9].*");

    /** Those of the pinned version, as {@link #pinned(List, KernelSpec, Report)} finds it. */
    static KernelPackages pinned(AptRoot apt, KernelSpec spec, Report report) {
        return of(apt, pinned(images(apt, spec), spec, report));
    }

    /**
     * The pinned version or, if the mirror does not carry it any more, the next newest, which is told.
     *
     * @param carried all versions of one package, the oldest first
     */
    static DebianPackage pinned(List<DebianPackage> carried, KernelSpec spec, Report report) {
        DebianPackage newest = carried.get(carried.size() - 1);
        if (spec.pin().isEmpty()) {
            return newest;
        }
        DebianPackage taken = carried.stream()
                .filter(version -> DebianPackage.compareVersions(version.version(), spec.pin()) >= 0)
                .findFirst()
                .orElse(newest);
        if (!taken.version().equals(spec.pin())) {
            report.say("kernel " + spec + " is not on the mirror any more: taking " + taken.version()
                    + " (make update-kernels pins the newest)");
        }
        return taken;
    }

    /** The newest version of the series. */
    static KernelPackages newest(AptRoot apt, KernelSpec spec) {
        List<DebianPackage> images = images(apt, spec);
        return of(apt, images.get(images.size() - 1));
    }

    /** The images whose headers are there too, the oldest first. */
    private static List<DebianPackage> images(AptRoot apt, KernelSpec spec) {
        Pattern release = Pattern.compile(Pattern.quote(spec.version()) + "\\.[0-9.]+([-+][a-z]*[0-9.]+)?");
        String end = "-" + spec.flavour();
        List<DebianPackage> carried =
                apt.matching("^linux-(image|headers)-" + spec.version().replace(".", "\\.") + "\\..*" + end + "$");
        Set<String> headers = carried.stream().map(DebianPackage::exactly).collect(Collectors.toSet());
        List<DebianPackage> images = carried.stream()
                .filter(image -> image.name().startsWith(IMAGE))
                .filter(image -> release.matcher(
                                image.name().substring(IMAGE.length()).replace(end, ""))
                        .matches())
                .filter(image -> headers.contains(image.exactly().replace(IMAGE, HEADERS)))
                .sorted((one, other) -> DebianPackage.compareVersions(one.version(), other.version()))
                .toList();
        if (images.isEmpty()) {
            throw new HarnessException("the mirror carries no kernel '" + spec.version() + " " + spec.flavour()
                    + "' with headers in " + spec.suite() + ": correct its line in kernels.list");
        }
        return images;
    }

    private static KernelPackages of(AptRoot apt, DebianPackage image) {
        String release = image.name().substring(IMAGE.length());
        Map<String, DebianPackage> parts = new LinkedHashMap<>();
        Deque<DebianPackage> unseen =
                new ArrayDeque<>(List.of(image, new DebianPackage(HEADERS + release, image.version(), List.of())));
        while (!unseen.isEmpty()) {
            DebianPackage part = apt.carried(unseen.remove());
            if (parts.putIfAbsent(part.name(), part) == null) {
                part.dependencies().stream()
                        .filter(dependency -> PART.matcher(dependency.name()).matches())
                        .forEach(unseen::add);
            }
        }
        return new KernelPackages(release, image.version(), List.copyOf(parts.values()));
    }
}
