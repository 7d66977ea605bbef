// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mounts a region at {@link #POINT} and leaves it mounted. */
public final class Mounting implements GuestTask<PhysicalRange, Mounting.Mounted> {

    /** Where. */
    public static final Path POINT = Path.of("/mnt/holdfast");

    /**
     * How long it took.
     *
     * @param callMillis the library's call, in milliseconds
     * @param moduleMicros the part of the module, by its own clock, in microseconds
     * @param writerRelease release of the kernel that wrote the region last before
     * @param recordsUsed records in use
     */
    public record Mounted(double callMillis, long moduleMicros, String writerRelease, long recordsUsed) {}

    @Override
    public Mounted run(PhysicalRange range, Progress progress) throws IOException {
        Files.createDirectories(POINT);
        String writer = Region.inspect(range.base()).writerRelease();
        long start = System.nanoTime();
        Region region = Region.mount(range, POINT);
        double millis = (System.nanoTime() - start) / 1e6;
        return new Mounted(
                millis,
                region.describe().mountTime().toNanos() / 1000,
                writer,
                region.describe().recordsUsed());
    }
}
