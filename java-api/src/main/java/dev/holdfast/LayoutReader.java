// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.RegionArea.Kind;
import dev.holdfast.abi.Errno;
import dev.holdfast.abi.LayoutKind;
import dev.holdfast.internal.jna.Directory;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.OpenFile;
import dev.holdfast.internal.jna.RegionAreas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a mounted region for its areas, and its directories for the names of their owners. */
final class LayoutReader {
    /** How often to begin again when the region changed meanwhile. */
    private static final int ATTEMPTS = 100;

    private LayoutReader() {}

    static List<RegionArea> read(Directory root, Attempt attempt) throws ErrnoException {
        try (OpenFile file = root.open()) {
            for (int tried = 0; tried < ATTEMPTS; tried++) {
                List<RegionArea> areas = new ArrayList<>();
                boolean still = RegionAreas.visit(
                        file,
                        (kind, owner, fileOffset, regionOffset, physical, length) -> areas.add(
                                new RegionArea(kind(kind), owner, "", fileOffset, regionOffset, physical, length)));
                if (still) {
                    return named(areas, root.paths());
                }
            }
        }
        throw new BusyException(new Failure(
                attempt.action(),
                attempt.object(),
                "ioctl(HOLDFAST_IOC_LAYOUT)",
                Errno.EAGAIN,
                "it changed again and again while it was read",
                "try again when less is written to it"));
    }

    private static Kind kind(int number) {
        return switch (number) {
            case LayoutKind.SUPERBLOCK -> Kind.SUPERBLOCK;
            case LayoutKind.TABLE -> Kind.TABLE;
            case LayoutKind.EXTENT -> Kind.CONTENT;
            case LayoutKind.LEAF -> Kind.LEAF;
            case LayoutKind.FREE -> Kind.FREE;
            case LayoutKind.RETIRED -> Kind.RETIRED;
            case LayoutKind.RANGE_HEAD -> Kind.RANGE_HEAD;
            default -> Kind.HELD;
        };
    }

    /** The number of an inode is that of its record and one more. */
    private static List<RegionArea> named(List<RegionArea> areas, Map<Long, String> pathsByInode) {
        return areas.stream()
                .map(area -> area.record() == RegionArea.NOBODY
                        ? area
                        : new RegionArea(
                                area.kind(),
                                area.record(),
                                pathsByInode.getOrDefault(area.record() + 1, "record " + area.record()),
                                area.fileOffset(),
                                area.regionOffset(),
                                area.physicalAddress(),
                                area.length()))
                .toList();
    }
}
