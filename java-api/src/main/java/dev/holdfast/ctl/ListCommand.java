// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.KnownRegions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.RegionDescription;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Which regions there are. */
@Command(
        name = "list",
        description = "Lists the regions that are mounted, and those in ranges that the kernel command line reserves.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Override
    public void run() {
        KnownRegions known = KnownRegions.now();
        output.table(
                List.of("UUID", "LABEL", "RANGES", "STATE", "FREE", "MOUNTED ON"),
                known.regions().stream().map(ListCommand::row).toList());
        known.unknown().forEach(why -> output.line("not known: %s", why));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "regions",
                known.regions().stream()
                        .map(region -> Fields.of(region.description(), region.mountPoint()))
                        .toList());
        fields.put("unknown", known.unknown());
        output.json(fields);
    }

    private static List<String> row(KnownRegions.Known known) {
        RegionDescription region = known.description();
        return List.of(
                region.uuid().toString(),
                region.label().isEmpty() ? "-" : region.label(),
                region.ranges().stream().map(PhysicalRange::toString).collect(Collectors.joining(",")),
                state(region),
                region.mounted() ? Bytes.text(region.dataFree()) : "-",
                known.mountPoint().map(Path::toString).orElse("-"));
    }

    private static String state(RegionDescription region) {
        if (!region.mounted()) {
            return "not mounted";
        }
        return region.readOnly() ? "read-only" : "mounted";
    }
}
