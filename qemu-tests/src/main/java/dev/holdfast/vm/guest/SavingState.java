// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Region;

/** Replaces a state file of the mounted region. */
public final class SavingState implements GuestTask<SavingState.Args, None> {

    /**
     * What to write.
     *
     * @param name name of the state file
     * @param pages its length, in pages
     * @param seed seed of the {@link PagePattern} that it holds
     */
    public record Args(String name, int pages, long seed) {

        byte[] content() {
            PagePattern pattern = new PagePattern(seed);
            byte[] content = new byte[pages * PagePattern.PAGE];
            for (int page = 0; page < pages; page++) {
                System.arraycopy(pattern.page(page), 0, content, page * PagePattern.PAGE, PagePattern.PAGE);
            }
            return content;
        }
    }

    @Override
    public None run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            region.state(args.name()).replace(args.content());
        }
        return None.NONE;
    }
}
