// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.GuestMemory;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.PageSize;
import dev.holdfast.Region;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes guest memory. */
@Command(
        name = "create",
        description = "Makes guest memory in a mounted region: a file to be mapped, cleared.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class CreateCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory that the region is mounted on.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path place;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the guest memory.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Parameters(index = "2", paramLabel = "SIZE", converter = Bytes.class, description = "Its size, such as 4G.")
    private long size;

    @Option(names = "--sparse", description = "Give it memory only when it is touched.")
    private boolean sparse;

    @Option(
            names = "--page-size",
            paramLabel = "SIZE",
            converter = PageSizeOption.class,
            description = "Largest page that its mappings use: 4K, 2M or 1G. Default: as the mount says.")
    private @Nullable PageSize pageSize;

    @Override
    public void run() {
        try (Region region = Region.open(place)) {
            GuestMemoryFile file = region.guestMemory(name);
            GuestMemoryFile sized = pageSize == null ? file : file.withPageSize(pageSize);
            try (GuestMemory memory = sparse ? sized.createSparse(size) : created(sized)) {
                Path path = region.mountPoint().resolve("guest-memory").resolve(name);
                output.line("%s, %s", path, Bytes.text(memory.size()));
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("name", name);
                fields.put("path", path.toString());
                fields.put("size", memory.size());
                output.json(fields);
            }
        }
    }

    private GuestMemory created(GuestMemoryFile file) {
        try (Bar bar = Bar.of("clearing memory")) {
            return file.create(size, bar);
        }
    }
}
