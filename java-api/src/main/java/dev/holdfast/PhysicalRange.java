// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of physical addresses.
 *
 * @param base first address, in bytes
 * @param size length, in bytes, more than zero
 */
public record PhysicalRange(long base, long size) {
    private static final Pattern NUMBER = Pattern.compile("(0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)([KkMmGgTt]?)");
    private static final String UNITS = "KMGT";
    private static final int BITS_PER_UNIT = 10;
    private static final String PARSE = "PhysicalRange.parse";
    private static final String FORM_HINT =
            "write SIZE$BASE as in memmap=, each decimal or 0x hexadecimal, with K, M, G or T behind, such as 1G$0x100000000";

    /**
     * States a range.
     *
     * @throws InvalidArgumentException if the base is negative, the size isn't positive, or the end is beyond 2<sup>63</sup>
     */
    public PhysicalRange {
        if (base < 0 || size <= 0 || base > Long.MAX_VALUE - size) {
            throw new InvalidArgumentException(
                    "use range",
                    size + "$" + base,
                    "PhysicalRange",
                    "a range starts at 0 or above, is not empty and ends below 2^63",
                    "check base and size");
        }
    }

    /**
     * Reads the form that the kernel's {@code memmap=} parameter has, such as {@code 1G$0x100000000}.
     *
     * @throws InvalidArgumentException if the text is no such range
     */
    public static PhysicalRange parse(String text) {
        int separator = text.indexOf('$');
        if (separator < 0) {
            throw notARange(text, "there is no $ between size and base");
        }
        long size = bytes(text, text.substring(0, separator));
        long base = bytes(text, text.substring(separator + 1));
        if (size == 0) {
            throw notARange(text, "the size is zero");
        }
        if (base > Long.MAX_VALUE - size) {
            throw notARange(text, "the end is beyond 2^63");
        }
        return new PhysicalRange(base, size);
    }

    /** Whether {@link #parse} takes the text. */
    static boolean isReadable(String text) {
        try {
            parse(text);
            return true;
        } catch (InvalidArgumentException e) {
            return false;
        }
    }

    private static long bytes(String text, String number) {
        Matcher matcher = NUMBER.matcher(number);
        if (!matcher.matches()) {
            throw notARange(text, "\"" + number + "\" is not a number of bytes");
        }
        try {
            long value = Long.decode(matcher.group(1));
            int shift = matcher.group(2).isEmpty()
                    ? 0
                    : BITS_PER_UNIT
                            * (UNITS.indexOf(Character.toUpperCase(
                                            matcher.group(2).charAt(0)))
                                    + 1);
            return Math.multiplyExact(value, 1L << shift);
        } catch (NumberFormatException | ArithmeticException e) {
            throw notARange(text, "\"" + number + "\" is beyond 2^63");
        }
    }

    private static InvalidArgumentException notARange(String text, String why) {
        return new InvalidArgumentException("read range", text, PARSE, why, FORM_HINT);
    }

    /** The first address behind the range, in bytes. */
    public long end() {
        return base + size;
    }

    /** Whether all of the other range lies in this one. */
    public boolean contains(PhysicalRange other) {
        return base <= other.base && other.end() <= end();
    }

    /** What to put on a kernel's command line so that it leaves the range alone: {@code memmap=1G$0x100000000}. */
    public String memmap() {
        return "memmap=" + this;
    }

    /** The form that {@link #parse} reads: size in the largest unit that it is a multiple of, base in hexadecimal. */
    @Override
    public String toString() {
        long value = size;
        String unit = "";
        for (int index = 0; index < UNITS.length() && value % 1024 == 0; index++) {
            value >>= BITS_PER_UNIT;
            unit = UNITS.substring(index, index + 1);
        }
        return value + unit + "$0x" + Long.toHexString(base);
    }
}
