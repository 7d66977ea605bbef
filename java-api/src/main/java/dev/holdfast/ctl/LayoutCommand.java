// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.RegionLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who owns what. */
@Command(
        name = "layout",
        description = "Shows who owns what in a mounted region, by physical address.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class LayoutCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory that the region is mounted on.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path place;

    @Option(names = "--tree", description = "By file: what each has, and where.")
    private boolean tree;

    @Option(names = "--svg", paramLabel = "FILE", description = "Write a picture of it to a file.")
    private @Nullable Path svg;

    @Override
    public void run() {
        RegionLayout layout;
        try (Region region = Region.open(place)) {
            layout = region.layout();
        }
        if (svg != null) {
            write(svg, layout.toSvg());
        } else if (tree) {
            layout.shares().forEach(share -> tell(layout, share));
        } else {
            output.table(
                    List.of("ADDRESS", "LENGTH", "KIND", "FILE OFFSET", "OWNER"),
                    layout.areas().stream().map(LayoutCommand::row).toList());
        }
        output.line(
                "%s free, the longest run %s, %s of it in pages of 2 MiB, %s in pages of 1 GiB",
                Bytes.text(layout.freeBytes()),
                Bytes.text(layout.largestFree()),
                Bytes.text(layout.freeInPages(RegionLayout.PAGE_2M)),
                Bytes.text(layout.freeInPages(RegionLayout.PAGE_1G)));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("label", layout.label());
        fields.put("ranges", layout.ranges().stream().map(Fields::of).toList());
        fields.put("areas", layout.areas().stream().map(LayoutCommand::fields).toList());
        fields.put("freeBytes", layout.freeBytes());
        fields.put("largestFree", layout.largestFree());
        output.json(fields);
    }

    private void tell(RegionLayout layout, RegionLayout.Share share) {
        output.line("%s  %s in %d", share.owner(), Bytes.text(share.bytes()), share.areas());
        layout.of(share.owner())
                .forEach(area -> output.line(
                        "    %s  %s at %s",
                        hex(area.physicalAddress()), Bytes.text(area.length()), hex(area.fileOffset())));
    }

    private static List<String> row(RegionArea area) {
        boolean content = area.kind() == RegionArea.Kind.CONTENT;
        return List.of(
                hex(area.physicalAddress()),
                Bytes.text(area.length()),
                kind(area),
                content ? hex(area.fileOffset()) : "-",
                area.owner().isEmpty() ? "-" : area.owner());
    }

    private static Map<String, Object> fields(RegionArea area) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", kind(area));
        fields.put("physicalAddress", area.physicalAddress());
        fields.put("length", area.length());
        if (!area.owner().isEmpty()) {
            fields.put("owner", area.owner());
            fields.put("fileOffset", area.fileOffset());
        }
        return fields;
    }

    private static String kind(RegionArea area) {
        return area.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot write " + file + ": " + e.getMessage() + "; choose a file that can be written");
        }
    }
}
