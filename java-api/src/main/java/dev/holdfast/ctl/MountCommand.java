// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.MountOptions;
import dev.holdfast.PageModel;
import dev.holdfast.PageSize;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mounts a region. */
@Command(
        name = "mount",
        description = "Mounts a region; umount(8) unmounts it.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class MountCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(
            index = "0",
            paramLabel = "RANGE",
            converter = RangeParameter.class,
            description = "SIZE$BASE of its first range, such as 1G$$0x100000000.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private PhysicalRange range;

    @Parameters(index = "1", paramLabel = "DIR", description = "Directory that it is mounted on.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path place;

    @Option(names = "--read-only", description = "For reading only.")
    private boolean readOnly;

    @Option(
            names = "--page-size",
            paramLabel = "SIZE",
            converter = PageSizeOption.class,
            description = "Largest page that mappings use: 4K, 2M or 1G. Default: what is good for everybody here.")
    private @Nullable PageSize pageSize;

    @Option(
            names = "--pages",
            paramLabel = "MODEL",
            defaultValue = "none",
            description = "Whether its memory has struct pages: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private PageModel pages;

    @Override
    public void run() {
        // It is not closed: that would unmount it.
        Region region = readOnly
                ? Region.mountReadOnly(range, place)
                : Region.mount(range, place, new MountOptions(Optional.ofNullable(pageSize), pages));
        RegionDescription description = region.describe();
        output.line(
                "region %s on %s%s: %s free, %d files and directories",
                description.uuid(),
                place,
                description.readOnly() ? ", read-only" : "",
                Bytes.text(description.dataFree()),
                description.recordsUsed());
        output.json(Fields.of(description, Optional.of(place)));
    }
}
