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
 * @param regions those that the module can describe
 * @param unknown why others cannot be described, a line each
 * @param held reserved ranges that are in use, as a region that is mounted where this process does not see it
 */
public record KnownRegions(List<Known> regions, List<String> unknown, List<PhysicalRange> held) {
    private static final String MOUNTS = "/proc/self/mounts";
    private static final String TYPE = "holdfast";
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    /** Takes copies of the lists. */
    public KnownRegions {
        regions = List.copyOf(regions);
        unknown = List.copyOf(unknown);
        held = List.copyOf(held);
    }

    /**
     * A region.
     *
     * @param description what it says about itself
     * @param mountPoint where it is mounted, and can be seen
     */
    public record Known(RegionDescription description, Optional<Path> mountPoint) {}

    /**
     * Looks for them.
     *
     * @throws PermissionException without CAP_SYS_ADMIN, if there are any that are not mounted
     */
    public static KnownRegions now() {
        List<Known> described = new ArrayList<>();
        mountPoints(KernelFile.of(MOUNTS).read())
                .forEach(place -> describe(place).ifPresent(described::add));
        List<String> unknown = new ArrayList<>();
        List<PhysicalRange> held = new ArrayList<>();
        for (PhysicalRange range : KexecCommandLine.running().reservations()) {
            if (described.stream().noneMatch(region -> hasAny(region.description(), range))) {
                inspect(range, described, unknown, held);
            }
        }
        return new KnownRegions(described, unknown, held);
    }

    /** What they say about themselves. */
    List<RegionDescription> described() {
        return regions.stream().map(Known::description).toList();
    }

    private static boolean hasAny(RegionDescription region, PhysicalRange reserved) {
        return region.ranges().stream().anyMatch(reserved::contains);
    }

    /** Empty if the mount point is out of sight, as below another mount. */
    private static Optional<Known> describe(String mountPoint) {
        Path place = Path.of(mountPoint);
        try {
            return Optional.of(new Known(Region.describe(place), Optional.of(place)));
        } catch (NotARegionException | NotFoundException | PermissionException e) {
            return Optional.empty();
        }
    }

    private static void inspect(
            PhysicalRange range, List<Known> described, List<String> unknown, List<PhysicalRange> held) {
        try {
            described.add(new Known(Region.inspect(range.base()), Optional.empty()));
        } catch (NotFormattedException
                | NotReservedException
                | NotMemoryException
                | BadGeometryException
                | DamagedException e) {
            // No region that this kernel could use either: there is nothing for the next one to lose.
        } catch (PermissionException e) {
            throw e;
        } catch (BusyException e) {
            held.add(range);
            unknown.add(e.what());
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
