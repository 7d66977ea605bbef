// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a region. */
@Command(
        name = "format",
        description = "Writes an empty file system into a range that the kernel command line reserves.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class FormatCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(
            index = "0",
            paramLabel = "RANGE",
            converter = RangeParameter.class,
            description = "SIZE$BASE, as in memmap=, such as 1G$$0x100000000.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private PhysicalRange range;

    @Option(names = "--label", paramLabel = "TEXT", defaultValue = "", description = "A name for the operator's eyes.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String label;

    @Option(names = "--uuid", paramLabel = "UUID", description = "Its identity; the module makes one if not said.")
    private @Nullable UUID uuid;

    @Option(
            names = "--record-slots",
            paramLabel = "NUMBER",
            description = "The most files and directories; the module chooses if not said.")
    private int recordSlots;

    @Option(
            names = "--for-old-modules",
            description = "Use no features, so that the oldest modules can use it: its files have no holes.")
    private boolean plain;

    @Option(names = "--overwrite", description = "Even if there is a region: everything in it is lost.")
    private boolean overwrite;

    @Override
    public void run() {
        Region.format(range, new FormatOptions(label, Optional.ofNullable(uuid), recordSlots, overwrite, plain));
        RegionDescription region = Region.inspect(range.base());
        output.line("region %s in %s, for %d files and directories", region.uuid(), range, region.recordSlots());
        output.json(Fields.of(region, Optional.empty()));
    }
}
