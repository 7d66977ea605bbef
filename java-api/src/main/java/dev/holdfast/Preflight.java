// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.internal.boot.KernelImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be known about the far side of a jump before it: whether the next kernel is kept away from the regions, and whether the
 * holdfast module in the next initrd can use them. Nothing is loaded and no region is touched.
 *
 * <p>{@link Kexec#load} does this by itself and refuses what would end in a refusal. Where the next kernel takes its module from its
 * root file system instead, there is nothing to see in the initrd; that is told, and does not block.
 *
 * @param findings what was found, what blocks first
 */
public record Preflight(List<Finding> findings) {
    private static final String NEWER = "put a newer module into the next initrd";

    /** Sorts the findings. */
    public Preflight {
        findings = findings.stream()
                .sorted((one, other) -> Boolean.compare(other.blocking(), one.blocking()))
                .toList();
    }

    /**
     * Looks at a kernel to jump to, for all regions that the running kernel has.
     *
     * @throws NotFoundException if kernel or initrd don't exist
     * @throws PermissionException if they may not be read; without CAP_SYS_ADMIN, if there are regions to ask for
     */
    public static Preflight of(KexecImage image) {
        KnownRegions known = KnownRegions.now();
        List<Finding> findings = new ArrayList<>(of(image, known.described()).findings());
        findings.addAll(inUse(image, known.held()));
        known.unknown()
                .forEach(why -> findings.add(new Finding(
                        Finding.Kind.UNKNOWN_REGION,
                        false,
                        "what a region needs is not known: " + why,
                        "make sure that the next module is new enough")));
        return new Preflight(findings);
    }

    /**
     * Looks at a kernel to jump to, for some regions. For none there is nothing to look at.
     *
     * @throws NotFoundException if kernel or initrd don't exist
     * @throws PermissionException if they may not be read
     */
    public static Preflight of(KexecImage image, List<RegionDescription> regions) {
        if (regions.isEmpty()) {
            return new Preflight(List.of());
        }
        List<Finding> findings = new ArrayList<>(unreserved(image, regions));
        findings.addAll(damaged(regions));
        List<Finding> limits = BootLimits.RUNNING.findings(image);
        findings.addAll(limits);
        if (limits.stream().noneMatch(finding -> finding.kind() == Finding.Kind.TOO_LARGE)) {
            findings.addAll(ofModules(image, regions));
        }
        return new Preflight(findings);
    }

    /**
     * Says whether {@link Kexec#loadUnpacked} can unpack a kernel before the jump. If not there is one finding, which does not block: it can
     * be loaded as it is.
     *
     * @throws NotFoundException if the kernel doesn't exist
     * @throws PermissionException if it may not be read
     */
    public static Preflight ofUnpacking(KexecImage image) {
        return new Preflight(Unpacking.RUNNING
                .obstacle(image)
                .map(why -> new Finding(
                        Finding.Kind.NOT_UNPACKED,
                        false,
                        image.kernel() + " cannot be unpacked before the jump: " + why,
                        "nothing has to be done: it does so itself, while everybody stands still"))
                .stream()
                .toList());
    }

    /** Of what is in use out of sight no more can be said. */
    private static List<Finding> inUse(KexecImage image, List<PhysicalRange> held) {
        List<PhysicalRange> reserved = new KexecCommandLine(image.commandLine()).reservations();
        return held.stream()
                .filter(range -> reserved.stream().noneMatch(kept -> kept.contains(range)))
                .map(range -> new Finding(
                        Finding.Kind.NOT_RESERVED,
                        true,
                        "the command line leaves " + range + ", which is in use, to " + image.kernel(),
                        "add " + range.memmap() + " to it"))
                .toList();
    }

    /** A region that is mounted has something to lose; of another its owner may want to be rid. */
    private static List<Finding> unreserved(KexecImage image, List<RegionDescription> regions) {
        List<PhysicalRange> reserved = new KexecCommandLine(image.commandLine()).reservations();
        return regions.stream()
                .flatMap(region -> region.ranges().stream()
                        .filter(range -> reserved.stream().noneMatch(kept -> kept.contains(range)))
                        .map(range -> new Finding(
                                Finding.Kind.NOT_RESERVED,
                                region.mounted(),
                                "the command line leaves " + range + " of " + name(region) + " to " + image.kernel(),
                                "add " + range.memmap() + " to it, as KexecCommandLine.carrying does")))
                .toList();
    }

    /** What is lost is lost before the jump, which does not make it worse. */
    private static List<Finding> damaged(List<RegionDescription> regions) {
        return regions.stream()
                .filter(region -> region.recordsDamaged() > 0)
                .map(region -> new Finding(
                        Finding.Kind.DAMAGED,
                        false,
                        name(region) + " has lost " + region.recordsDamaged() + " records",
                        "look at it with holdfastctl fsck first"))
                .toList();
    }

    private static List<Finding> ofModules(KexecImage image, List<RegionDescription> regions) {
        Path initrd = image.initrd();
        if (initrd == null) {
            return List.of(noModule("the next kernel has no initrd"));
        }
        Optional<String> release;
        List<ModuleDescription> all;
        try {
            release = release(image.kernel());
            all = ModuleDescription.inInitrd(initrd);
        } catch (InvalidKernelException | InvalidModuleException e) {
            return List.of(unreadable(e.what()));
        }
        if (all.isEmpty()) {
            return List.of(noModule("there is no holdfast.ko in " + initrd));
        }
        List<ModuleDescription> fitting = all.stream()
                .filter(module -> release.isEmpty() || release.get().equals(module.kernelRelease()))
                .toList();
        if (fitting.isEmpty()) {
            return List.of(otherKernel(image, release.orElseThrow(), all));
        }
        return fitting.stream()
                .flatMap(module -> regions.stream().flatMap(region -> judge(module, region, initrd).stream()))
                .toList();
    }

    private static Optional<String> release(Path kernel) {
        return new BootFile("read kernel", kernel, "Preflight.of", InvalidKernelException::new, "give a kernel image")
                .read(() -> KernelImage.release(kernel));
    }

    private static Finding unreadable(String what) {
        return new Finding(Finding.Kind.UNREADABLE, false, what, "make sure that the next module can use the regions");
    }

    private static Finding noModule(String what) {
        return new Finding(
                Finding.Kind.NO_MODULE, false, what, "make sure that the next system loads the module from elsewhere");
    }

    private static Finding otherKernel(KexecImage image, String release, List<ModuleDescription> modules) {
        String releases = modules.stream()
                .map(ModuleDescription::kernelRelease)
                .distinct()
                .collect(Collectors.joining(", "));
        return new Finding(
                Finding.Kind.OTHER_KERNEL,
                true,
                "holdfast.ko in " + image.initrd() + " is for " + releases + ", but " + image.kernel() + " is "
                        + release,
                "build the module for that kernel and make its initrd anew");
    }

    private static Optional<Finding> judge(ModuleDescription module, RegionDescription region, Path initrd) {
        String which = module.file() + " in " + initrd + " (" + module.kernelRelease() + ")";
        String regionName = name(region);
        if (!module.reads(region.formatVersion())) {
            return Optional.of(new Finding(
                    Finding.Kind.FORMAT_VERSION,
                    true,
                    which + " reads the formats " + module.oldestFormat() + " to " + module.newestFormat() + ", "
                            + regionName + " has format " + region.formatVersion(),
                    NEWER));
        }
        return switch (module.accessTo(region)) {
            case NONE ->
                Optional.of(new Finding(
                        Finding.Kind.INCOMPATIBLE_FEATURES,
                        true,
                        which + " does not know the incompatible features " + hex(module.unknownIncompat(region))
                                + " of " + regionName,
                        NEWER));
            case READ ->
                Optional.of(new Finding(
                        Finding.Kind.READ_ONLY_FEATURES,
                        region.mounted() && !region.readOnly(),
                        which + " does not know the read-only compatible features "
                                + hex(module.unknownRoCompat(region)) + " of " + regionName
                                + " and would mount it read-only",
                        NEWER));
            case READ_WRITE -> Optional.empty();
        };
    }

    private static String name(RegionDescription region) {
        return "region " + region.range() + (region.label().isEmpty() ? "" : " \"" + region.label() + "\"");
    }

    private static String hex(long bits) {
        return "0x" + Long.toHexString(bits);
    }

    /** Whether nothing that was found blocks the jump. */
    public boolean passes() {
        return findings.stream().noneMatch(Finding::blocking);
    }

    /** Refuses a kernel that does not pass. */
    void require(KexecImage image) {
        if (passes()) {
            return;
        }
        Finding first = findings.get(0);
        Errno errno = switch (first.kind()) {
            case FORMAT_VERSION -> Errno.EPROTONOSUPPORT;
            case READ_ONLY_FEATURES -> Errno.EROFS;
            case OTHER_KERNEL -> Errno.ENOEXEC;
            case NOT_RESERVED -> Errno.EADDRNOTAVAIL;
            case UNSIGNED -> Errno.EKEYREJECTED;
            case TOO_LARGE -> Errno.ENOMEM;
            default -> Errno.EOPNOTSUPP;
        };
        throw new PreflightException(
                new Failure(
                        "load kernel", image.kernel().toString(), "Preflight.of", errno, first.what(), first.hint()),
                findings);
    }
}
