// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Mounts and unmounts a region several times; tells the middle of what it cost. */
public final class MountCost implements GuestTask<PhysicalRange, MountCost.Cost> {

    private static final int TIMES = 9;
    private static final String FREE = "MemFree:";

    /**
     * What one mount costs.
     *
     * @param micros time in the module, in microseconds
     * @param kibibytes memory that is free before and not after, in KiB
     */
    public record Cost(long micros, long kibibytes) {}

    @Override
    public Cost run(PhysicalRange range, Progress progress) throws IOException {
        Files.createDirectories(Mounting.POINT);
        List<Long> micros = new ArrayList<>();
        List<Long> kibibytes = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            long before = free();
            try (Region region = Region.mount(range, Mounting.POINT)) {
                kibibytes.add(before - free());
                micros.add(region.describe().mountTime().toNanos() / 1000);
            }
        }
        return new Cost(median(micros), median(kibibytes));
    }

    private static long median(List<Long> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    private static long free() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith(FREE))
                .mapToLong(line -> Long.parseLong(
                        line.substring(FREE.length()).replace("kB", "").strip()))
                .findFirst()
                .orElseThrow();
    }
}
