// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.Verifying;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the first word of every page of a guest memory with its pattern: enough to see that each leads to its own page frame,
 * for tests that verify all of every frame from outside. Returns the numbers of the pages that are wrong.
 */
final class PageHeads implements GuestTask<Verifying.Args, List<Long>> {

    private static final int WINDOW = 1 << 30;

    @Override
    public List<Long> run(Verifying.Args args, Progress progress) {
        PagePattern pattern = new PagePattern(args.seed());
        List<Long> wrong = new ArrayList<>();
        long end = args.firstPage() + args.pages();
        try (Region region = Region.open(Mounting.POINT);
                GuestMemory memory = region.guestMemory(args.name()).open()) {
            for (long page = args.firstPage(); page < end; page += WINDOW / PagePattern.PAGE) {
                int pages = (int) Math.min(WINDOW / PagePattern.PAGE, end - page);
                var window = memory.slice(page * PagePattern.PAGE, pages * PagePattern.PAGE)
                        .order(ByteOrder.LITTLE_ENDIAN);
                for (int index = 0; index < pages; index++) {
                    if (window.getLong(index * PagePattern.PAGE) != pattern.firstWord(page + index)) {
                        wrong.add(page + index);
                    }
                }
            }
        }
        return wrong;
    }
}
