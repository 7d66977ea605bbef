// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares every page of a guest memory of the mounted region with a {@link PagePattern}. */
public final class Verifying implements GuestTask<Verifying.Args, Verifying.Verdict> {

    private static final int LISTED = 64;

    /**
     * What to verify.
     *
     * @param name name of the guest memory
     * @param firstPage first page to verify
     * @param pages number of pages to verify
     * @param seed seed of the pattern
     */
    public record Args(String name, long firstPage, long pages, long seed) {}

    /**
     * What came of it.
     *
     * @param pages number of pages compared
     * @param wrong number of pages that are not as they should be
     * @param wrongPages the numbers of the first of these
     */
    public record Verdict(long pages, long wrong, List<Long> wrongPages) {}

    @Override
    public Verdict run(Args args, Progress progress) {
        PagePattern pattern = new PagePattern(args.seed());
        long[] words = new long[PagePattern.PAGE / Long.BYTES];
        List<Long> wrong = new ArrayList<>();
        long wrongCount = 0;
        try (Region region = Region.open(Mounting.POINT);
                GuestMemory memory = region.guestMemory(args.name()).open()) {
            for (long page = args.firstPage(); page < args.firstPage() + args.pages(); page++) {
                memory.slice(page * PagePattern.PAGE, PagePattern.PAGE)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asLongBuffer()
                        .get(words);
                if (!Arrays.equals(words, pattern.words(page))) {
                    wrongCount++;
                    if (wrong.size() < LISTED) {
                        wrong.add(page);
                    }
                }
            }
        }
        return new Verdict(args.pages(), wrongCount, wrong);
    }
}
