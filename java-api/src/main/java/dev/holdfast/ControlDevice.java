// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.FormatArgs;
import dev.holdfast.abi.FormatFlags;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.internal.jna.OpenFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The module's device, for regions that are not mounted. */
record ControlDevice(Path path) {
    private static final int UUID_BYTES = 16;

    static ControlDevice standard() {
        return new ControlDevice(Path.of("/dev/holdfast"));
    }

    void format(PhysicalRange range, FormatOptions options) {
        new Attempt("format region", range.toString(), ErrorTable.CONTROL).run(() -> {
            try (OpenFile device = OpenFile.open(path, OpenFile.Access.READ_WRITE);
                    FormatArgs arguments = new FormatArgs()) {
                arguments
                        .flags((options.overwrite() ? FormatFlags.OVERWRITE : 0)
                                | (options.plain() ? FormatFlags.PLAIN : 0))
                        .regionBase(range.base())
                        .regionSize(range.size())
                        .recordSlots(options.recordSlots())
                        .label(options.label());
                options.uuid()
                        .ifPresent(uuid -> arguments.uuid(ByteBuffer.allocate(UUID_BYTES)
                                .putLong(uuid.getMostSignificantBits())
                                .putLong(uuid.getLeastSignificantBits())
                                .array()));
                device.format(arguments);
            }
        });
    }

    RegionDescription inspect(long base) {
        return new Attempt("inspect region at", "0x" + Long.toHexString(base), ErrorTable.CONTROL).get(() -> {
            try (OpenFile device = OpenFile.open(path, OpenFile.Access.READ_WRITE);
                    RegionInfo info = new RegionInfo()) {
                info.regionBase(base);
                device.regionInfo(info);
                return RegionDescription.of(device, info);
            }
        });
    }
}
