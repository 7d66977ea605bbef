// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Touches every page of a guest memory; tells how much the page tables of this process grew, in KiB. */
public final class MapCost implements GuestTask<String, Long> {

    private static final int PAGE = 4096;
    private static final String TABLES = "VmPTE:";

    @Override
    public Long run(String name, Progress progress) throws IOException {
        try (Region region = Region.open(Mounting.POINT);
                GuestMemory memory = region.guestMemory(name).open()) {
            long before = tables();
            for (long offset = 0; offset < memory.size(); offset += PAGE) {
                memory.slice(offset, 1).put(0, (byte) 1);
            }
            return tables() - before;
        }
    }

    private static long tables() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(TABLES))
                .mapToLong(line -> Long.parseLong(
                        line.substring(TABLES.length()).replace("kB", "").strip()))
                .findFirst()
                .orElseThrow();
    }
}
