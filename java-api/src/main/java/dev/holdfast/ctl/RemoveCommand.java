// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.Region;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes guest memory, or a state file. */
@Command(
        name = "rm",
        description = "Removes guest memory from a mounted region: what was in it is lost.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Runnable {
    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "DIR", description = "Directory that the region is mounted on.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path place;

    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the guest memory.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--state", description = "NAME is a state file.")
    private boolean state;

    @Override
    public void run() {
        try (Region region = Region.open(place)) {
            if (state) {
                region.state(name).remove();
            } else {
                region.guestMemory(name).remove();
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("removed", name);
            output.json(fields);
        }
    }
}
