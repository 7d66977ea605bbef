// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A kernel command line, and the regions that it keeps the kernel away from. The next kernel has to be told of every region again:
 * one that it is not told of becomes ordinary memory, and its content is lost.
 *
 * @param text the command line
 */
public record KexecCommandLine(String text) {
    /**
     * So many {@code memmap=} ranges the kernel's decompressor keeps clear of; with more it gives up placing itself at random:
     * MAX_MEMMAP_REGIONS in arch/x86/boot/compressed/kaslr.c.
     */
    public static final int MOST_RANGES_WITH_KASLR = 4;

    private static final Pattern PARAMETER = Pattern.compile("(?:\"[^\"]*\"?|[^\\s\"])+");
    private static final String MEMMAP = "memmap=";
    private static final String FIPS = "fips=1";
    private static final String NO_TESTS = "cryptomgr.notests";
    private static final String END_OF_PARAMETERS = "--";

    /** The command line of the running kernel. */
    public static KexecCommandLine running() {
        return new KexecCommandLine(KernelFile.of("/proc/cmdline").read());
    }

    /** Whether the kernel is given a parameter that has no value. */
    boolean has(String parameter) {
        return parameters().anyMatch(parameter::equals);
    }

    /** Whether it says more of memory than which ranges to leave alone. */
    boolean changesMemory() {
        return parameters()
                .anyMatch(parameter -> parameter.startsWith("mem=")
                        || parameter.startsWith(MEMMAP)
                                && Arrays.stream(parameter
                                                .substring(MEMMAP.length())
                                                .split(",", -1))
                                        .anyMatch(range -> !PhysicalRange.isReadable(range)));
    }

    private Stream<String> parameters() {
        return PARAMETER.matcher(text.substring(0, endOfParameters())).results().map(MatchResult::group);
    }

    /** The ranges that this line keeps its kernel away from by {@code memmap=SIZE$BASE}. */
    public List<PhysicalRange> reservations() {
        return parameters()
                .filter(parameter -> parameter.startsWith(MEMMAP))
                .flatMap(parameter ->
                        Arrays.stream(parameter.substring(MEMMAP.length()).split(",")))
                .filter(PhysicalRange::isReadable)
                .map(PhysicalRange::parse)
                .toList();
    }

    /** This line with a {@code memmap=} for each of the ranges that it does not have yet. */
    public KexecCommandLine carrying(PhysicalRange... ranges) {
        KexecCommandLine line = this;
        for (PhysicalRange range : ranges) {
            if (line.reservations().stream().noneMatch(reserved -> reserved.contains(range))) {
                line = line.with(range.memmap());
            }
        }
        return line;
    }

    /** This line with a {@code memmap=} for each range of a region that it does not have yet. */
    public KexecCommandLine carrying(Region region) {
        return carrying(region.describe().ranges().toArray(PhysicalRange[]::new));
    }

    /**
     * This line with what makes the next boot quicker and takes nothing from the kernel that runs then: {@code cryptomgr.notests}, without
     * which its algorithms of cryptography test themselves (Documentation/admin-guide/kernel-parameters.txt). Not if {@code fips=1} asks
     * for these tests, or if the line says {@code cryptomgr.notests} itself, {@code =0} too.
     */
    public KexecCommandLine quicker() {
        boolean said = parameters()
                .anyMatch(parameter ->
                        parameter.equals(FIPS) || parameter.equals(NO_TESTS) || parameter.startsWith(NO_TESTS + "="));
        return said ? this : with(NO_TESTS);
    }

    private KexecCommandLine with(String parameter) {
        int end = endOfParameters();
        String before = text.substring(0, end).stripTrailing();
        String after = text.substring(end);
        return new KexecCommandLine((before + " " + parameter + " " + after).strip());
    }

    /** Where the arguments of init start, which the kernel doesn't read. */
    private int endOfParameters() {
        return PARAMETER
                .matcher(text)
                .results()
                .filter(parameter -> parameter.group().equals(END_OF_PARAMETERS))
                .mapToInt(MatchResult::start)
                .findFirst()
                .orElse(text.length());
    }

    /** The command line. */
    @Override
    public String toString() {
        return text;
    }
}
