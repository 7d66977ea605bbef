// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.GuestMemoryFile;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What a region, or guest memory in it, says about itself. */
@Command(
        name = "stat",
        description = "Describes a mounted region and what is in it, or one guest memory with its extents.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class StatCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory that the region is mounted on.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path place;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "Name of guest memory in it.")
    private @Nullable String name;

    @Override
    public void run() {
        try (Region region = Region.open(place)) {
            if (name == null) {
                tell(region);
            } else {
                tell(region.guestMemory(name));
            }
        }
    }

    private void tell(Region region) {
        RegionDescription description = region.describe();
        output.line("UUID       %s", description.uuid());
        output.line("label      %s", description.label().isEmpty() ? "-" : description.label());
        output.line(
                "ranges     %s",
                description.ranges().stream().map(PhysicalRange::toString).collect(Collectors.joining(", ")));
        output.line("free       %s", Bytes.text(description.dataFree()));
        output.line(
                "records    %d of %d used, %d damaged, %d repaired",
                description.recordsUsed(),
                description.recordSlots(),
                description.recordsDamaged(),
                description.recordsRepaired());
        output.line(
                "format     %d, features compat 0x%x, ro_compat 0x%x, incompat 0x%x",
                description.formatVersion(), description.compat(), description.roCompat(), description.incompat());
        output.line("written by %s, generation %d", description.writerRelease(), description.generation());
        output.line("guests     %s", names(region.guestMemories()));
        output.line("states     %s", names(region.states()));
        Map<String, Object> fields = Fields.of(description, Optional.of(region.mountPoint()));
        fields.put("guestMemories", region.guestMemories());
        fields.put("states", region.states());
        output.json(fields);
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    private void tell(GuestMemoryFile file) {
        List<PhysicalExtent> extents = file.extents();
        output.line("size       %s", Bytes.text(file.size()));
        output.line("pages      up to %s", Bytes.text(file.pageSize().bytes()));
        output.table(
                List.of("FILE OFFSET", "PHYSICAL ADDRESS", "LENGTH"),
                extents.stream()
                        .map(extent -> List.of(
                                hex(extent.fileOffset()), hex(extent.physicalAddress()), Bytes.text(extent.length())))
                        .toList());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", file.name());
        fields.put("size", file.size());
        fields.put("pageSize", file.pageSize().bytes());
        fields.put("extents", extents);
        output.json(fields);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
