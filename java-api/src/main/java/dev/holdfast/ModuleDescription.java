// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.FormatModinfo;
import dev.holdfast.internal.boot.Initrd;
import dev.holdfast.internal.boot.ModuleFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a holdfast module that is not loaded says about itself: for which kernel it is, and which regions it reads and writes.
 *
 * @param file where it was found: its path, or its path inside an initial RAM file system
 * @param kernelRelease release of the kernel that it was built for
 * @param oldestFormat oldest version of the format that it reads
 * @param newestFormat newest version of the format that it reads, and the one that it writes
 * @param compat compatible features that it knows
 * @param roCompat read-only compatible features that it knows
 * @param incompat incompatible features that it knows
 */
public record ModuleDescription(
        String file,
        String kernelRelease,
        int oldestFormat,
        int newestFormat,
        long compat,
        long roCompat,
        long incompat) {
    private static final String VERMAGIC = "vermagic";
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");

    /** The root in front of a path is written as nothing, as / or as ./ */
    private static final Pattern NAME =
            Pattern.compile("(?:\\.?/)*(?<path>(?:.*/)?holdfast\\.ko(?:\\.gz|\\.xz|\\.zst)?)");

    /**
     * Reads the description out of a module's file.
     *
     * @param file {@code holdfast.ko}, {@code holdfast.ko.gz}, {@code holdfast.ko.xz} or {@code holdfast.ko.zst}
     * @throws NotFoundException if there is no such file
     * @throws PermissionException if the file may not be read
     * @throws InvalidModuleException if it is not a holdfast module
     */
    public static ModuleDescription of(Path file) {
        return new BootFile(
                        "read module",
                        file,
                        "ModuleDescription.of",
                        InvalidModuleException::new,
                        "give a holdfast.ko, plain or compressed with gzip, xz or zstd")
                .read(() -> {
                    try (InputStream in = Files.newInputStream(file)) {
                        return of(file.toString(), in);
                    }
                });
    }

    /**
     * Reads the descriptions of all holdfast modules in an initial RAM file system, in whatever directories they are. Of several
     * with the same path the last counts, which is the one that the kernel leaves there.
     *
     * @param initrd cpio archives one after the other, plain or compressed with gzip, xz or zstd
     * @throws NotFoundException if there is no such file
     * @throws PermissionException if the file may not be read
     * @throws InvalidModuleException if it is not an initial RAM file system, or what is called holdfast.ko there is no holdfast module
     */
    public static List<ModuleDescription> inInitrd(Path initrd) {
        return new BootFile(
                        "look into initrd",
                        initrd,
                        "ModuleDescription.inInitrd",
                        InvalidModuleException::new,
                        "make it anew, plain or compressed with gzip, xz or zstd")
                .read(() -> {
                    Map<String, ModuleDescription> found = new LinkedHashMap<>();
                    Initrd.walk(initrd, (entry, content) -> {
                        Matcher name = NAME.matcher(entry);
                        if (name.matches()) {
                            String path = name.group("path");
                            found.put(path, of(path, content));
                        }
                    });
                    return List.copyOf(found.values());
                });
    }

    private static ModuleDescription of(String file, InputStream in) throws IOException {
        Map<String, String> modinfo = ModuleFile.modinfo(in);
        return new ModuleDescription(
                file,
                release(modinfo),
                number(modinfo, FormatModinfo.FORMAT_VERSION_OLDEST),
                number(modinfo, FormatModinfo.FORMAT_VERSION),
                bits(modinfo, FormatModinfo.COMPAT),
                bits(modinfo, FormatModinfo.RO_COMPAT),
                bits(modinfo, FormatModinfo.INCOMPAT));
    }

    private static String release(Map<String, String> modinfo) throws IOException {
        String release = stated(modinfo, VERMAGIC).split(" ", 2)[0];
        if (!PRINTABLE.matcher(release).matches()) {
            throw new IOException("its modinfo states a " + VERMAGIC + " that begins with no release");
        }
        return release;
    }

    private static String stated(Map<String, String> modinfo, String key) throws IOException {
        String value = modinfo.get(key);
        if (value == null) {
            throw new IOException("its modinfo does not state " + key);
        }
        return value;
    }

    private static int number(Map<String, String> modinfo, String key) throws IOException {
        String value = stated(modinfo, key);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IOException("its modinfo states a " + key + " that is not a number", e);
        }
    }

    private static long bits(Map<String, String> modinfo, String key) throws IOException {
        String value = stated(modinfo, key);
        try {
            if (value.startsWith("0x")) {
                return Long.parseUnsignedLong(value, 2, value.length(), 16);
            }
        } catch (NumberFormatException e) {
            throw new IOException("its modinfo states " + key + " that are not bits", e);
        }
        throw new IOException("its modinfo states " + key + " that are not bits");
    }

    /** What this module can do with a region. */
    public RegionAccess accessTo(RegionDescription region) {
        if (!reads(region.formatVersion()) || unknownIncompat(region) != 0) {
            return RegionAccess.NONE;
        }
        return unknownRoCompat(region) == 0 ? RegionAccess.READ_WRITE : RegionAccess.READ;
    }

    boolean reads(int formatVersion) {
        return oldestFormat <= formatVersion && formatVersion <= newestFormat;
    }

    /** Incompatible features of a region that this module does not know. */
    long unknownIncompat(RegionDescription region) {
        return region.incompat() & ~incompat;
    }

    /** Read-only compatible features of a region that this module does not know. */
    long unknownRoCompat(RegionDescription region) {
        return region.roCompat() & ~roCompat;
    }
}
