// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;

/** Makes the mounted region hold one guest memory, of zeros, and nothing else; tells how long creating it took, in ms. */
public final class Creating implements GuestTask<Creating.Args, Long> {

    /**
     * What to create.
     *
     * @param name its name
     * @param bytes its length, in bytes
     */
    public record Args(String name, long bytes) {}

    @Override
    public Long run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            for (String name : region.guestMemories()) {
                region.guestMemory(name).remove();
            }
            long start = System.nanoTime();
            region.guestMemory(args.name()).create(args.bytes()).close();
            return (System.nanoTime() - start) / 1_000_000;
        }
    }
}
