// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.RegionFlags;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.OpenFile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a region says about itself. What only a mounted region knows is zero for one that isn't.
 *
 * @param range where the region lies; its first range if it has several
 * @param mounted whether it is mounted
 * @param readOnly whether it is mounted read-only
 * @param uuid its identity
 * @param label its name
 * @param formatVersion version of its format
 * @param formatted when it was formatted, to the second
 * @param writerRelease release of the kernel that mounted it for writing last
 * @param generation counts the changes of the superblock
 * @param compat feature flags that a module may ignore
 * @param roCompat feature flags that a module may ignore when only reading
 * @param incompat feature flags that a module must know
 * @param dataOffset where the data area starts in the region, in bytes; it reaches to the first range's end
 * @param dataFree free bytes of the data area, mounted only
 * @param recordSlots the most files and directories it can hold
 * @param recordsUsed records in use, mounted only
 * @param recordsDamaged records of which no copy was usable at mount: kept aside, not shown; mounted only
 * @param recordsRepaired records of which one copy was bad at mount and was rewritten from the other, mounted only
 * @param superblocksRepaired superblock copies that were bad at mount, or are bad now if it isn't mounted
 * @param mountTime time that mounting took inside the module, mounted only
 * @param ranges all of its ranges, the first one first
 */
public record RegionDescription(
        PhysicalRange range,
        boolean mounted,
        boolean readOnly,
        UUID uuid,
        String label,
        int formatVersion,
        Instant formatted,
        String writerRelease,
        long generation,
        long compat,
        long roCompat,
        long incompat,
        long dataOffset,
        long dataFree,
        int recordSlots,
        int recordsUsed,
        int recordsDamaged,
        int recordsRepaired,
        int superblocksRepaired,
        Duration mountTime,
        List<PhysicalRange> ranges) {

    /** States a description. */
    public RegionDescription {
        ranges = List.copyOf(ranges);
    }

    /** What a module says of the region, and of each of its ranges. */
    static RegionDescription of(OpenFile file, RegionInfo info) throws ErrnoException {
        return of(
                info,
                RangeReader.read(file, info).stream().map(RegionRange::range).toList());
    }

    static RegionDescription of(RegionInfo info, List<PhysicalRange> ranges) {
        ByteBuffer uuid = ByteBuffer.wrap(info.uuid());
        return new RegionDescription(
                new PhysicalRange(info.regionBase(), info.regionSize()),
                (info.flags() & RegionFlags.MOUNTED) != 0,
                (info.flags() & RegionFlags.READ_ONLY) != 0,
                new UUID(uuid.getLong(), uuid.getLong()),
                info.label(),
                info.formatVersion(),
                Instant.ofEpochSecond(info.formatSeconds()),
                info.writerRelease(),
                info.generation(),
                info.compat(),
                info.roCompat(),
                info.incompat(),
                info.dataOffset(),
                info.dataFree(),
                info.recordSlots(),
                info.recordsUsed(),
                info.recordsDamaged(),
                info.recordsRepaired(),
                info.superblocksRepaired(),
                Duration.ofNanos(info.mountNanoseconds()),
                ranges);
    }
}
