// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the Linux guest saw in a round: {@code witness.c}.
 *
 * @param round which round
 * @param links how long its chain of hashes is
 * @param last the last of them
 * @param wrong how many links were not what they must be, of all that were looked at so far
 * @param torn how many files were not what was written to them, of all that were looked at so far
 * @param back how often a clock went back so far
 * @param leap the longest step of a clock from one round to the next so far, in milliseconds
 * @param clock its monotonic clock, in milliseconds
 */
public record LinuxReport(int round, long links, long last, long wrong, long torn, long back, long leap, long clock) {
    private static final Pattern LINE = Pattern.compile("round (\\d+) links (\\d+) last (\\p{XDigit}+) wrong (\\d+)"
            + " torn (\\d+) back (\\d+) leap (\\d+) clock (\\d+)");
    private static final long FACTOR = 0x9e3779b97f4a7c15L;
    private static final int HEX = 16;

    /** Reads a line, if it is one. */
    static Optional<LinuxReport> of(String line) {
        Matcher words = LINE.matcher(line);
        return words.matches()
                ? Optional.of(new LinuxReport(
                        Integer.parseInt(words.group(1)),
                        Long.parseLong(words.group(2)),
                        Long.parseUnsignedLong(words.group(3), HEX),
                        Long.parseLong(words.group(4)),
                        Long.parseLong(words.group(5)),
                        Long.parseLong(words.group(6)),
                        Long.parseLong(words.group(7)),
                        Long.parseLong(words.group(8))))
                : Optional.empty();
    }

    /** Whether the chain ends as one that never had a gap or a repetition. */
    public boolean isWhole() {
        long link = 0;
        for (long number = 1; number <= links; number++) {
            link = (link ^ number) * FACTOR;
        }
        return link == last;
    }
}
