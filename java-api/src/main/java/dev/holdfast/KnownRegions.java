// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The regions that the running kernel has: those that are mounted, and those at the start of a range that its command line reserves.
 *
 * @param described those that the module can describe
 * @param unknown why others cannot be described
 */
record KnownRegions(List<RegionDescription> described, List<String> unknown) {
    private static final String MOUNTS = "/proc/self/mounts";
    private static final String TYPE = "holdfast";
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    static KnownRegions now() {
        List<RegionDescription> described = new ArrayList<>();
        mountPoints(KernelFile.of(MOUNTS).read())
                .forEach(place -> describe(place).ifPresent(described::add));
        List<String> unknown = new ArrayList<>();
        for (PhysicalRange range : KexecCommandLine.running().reservations()) {
            if (described.stream().noneMatch(region -> hasAny(region, range))) {
                inspect(range, described, unknown);
            }
        }
        return new KnownRegions(List.copyOf(described), List.copyOf(unknown));
    }

    private static boolean hasAny(RegionDescription region, PhysicalRange reserved) {
        return region.ranges().stream().anyMatch(reserved::contains);
    }

    /** Empty if the mount point is out of sight, as below another mount. */
    private static Optional<RegionDescription> describe(String mountPoint) {
        try {
            return Optional.of(Region.describe(Path.of(mountPoint)));
        } catch (NotARegionException | NotFoundException | PermissionException e) {
            return Optional.empty();
        }
    }

    private static void inspect(PhysicalRange range, List<RegionDescription> described, List<String> unknown) {
        try {
            described.add(Region.inspect(range.base()));
        } catch (NotFormattedException
                | NotReservedException
                | NotMemoryException
                | BadGeometryException
                | DamagedException e) {
            // No region that this kernel could use either: there is nothing for the next one to lose.
        } catch (PermissionException e) {
            throw e;
        } catch (HoldfastException e) {
            unknown.add(e.what());
        }
    }

    /** Where regions are mounted, out of the text of /proc/self/mounts. */
    static List<String> mountPoints(String mounts) {
        return mounts.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 2 && words[2].equals(TYPE))
                .map(words -> unescaped(words[1]))
                .distinct()
                .toList();
    }

    /** White space and backslashes are written as a backslash and three octal digits. */
    private static String unescaped(String path) {
        return OCTAL.matcher(path)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }
}
