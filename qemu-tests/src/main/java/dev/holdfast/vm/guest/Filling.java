// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.GuestMemory;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.PhysicalExtent;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import java.nio.ByteOrder;
import java.util.List;

/** Fills guest memory of the mounted region with a {@link PagePattern}; creates it if there is none of that name. */
public final class Filling implements GuestTask<Filling.Args, Filling.Filled> {

    /**
     * What to fill.
     *
     * @param name name of the guest memory
     * @param bytes its size, if it is to be created
     * @param firstPage first page to fill
     * @param pages number of pages to fill
     * @param seed seed of the pattern
     */
    public record Args(String name, long bytes, long firstPage, long pages, long seed) {

        /** All of it. */
        public static Args all(String name, long bytes, long seed) {
            return new Args(name, bytes, 0, bytes / PagePattern.PAGE, seed);
        }
    }

    /**
     * Where it is.
     *
     * @param extents the physical memory of the whole guest memory
     */
    public record Filled(List<PhysicalExtent> extents) {

        /** The physical ranges, in the order of the file. */
        public List<PhysicalRange> ranges() {
            return extents.stream()
                    .map(extent -> new PhysicalRange(extent.physicalAddress(), extent.length()))
                    .toList();
        }
    }

    @Override
    public Filled run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            GuestMemoryFile file = region.guestMemory(args.name());
            try (GuestMemory memory = file.exists() ? file.open() : file.create(args.bytes())) {
                PagePattern pattern = new PagePattern(args.seed());
                for (long page = args.firstPage(); page < args.firstPage() + args.pages(); page++) {
                    memory.slice(page * PagePattern.PAGE, PagePattern.PAGE)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer()
                            .put(pattern.words(page));
                }
            }
            return new Filled(file.extents());
        }
    }
}
