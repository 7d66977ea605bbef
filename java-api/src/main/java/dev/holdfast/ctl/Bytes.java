// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of bytes, as operators write and read them. */
final class Bytes implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]+)([KMGT]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";
    private static final int BITS_PER_UNIT = 10;

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw refused(text);
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : BITS_PER_UNIT * (UNITS.indexOf(unit) + 1);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (NumberFormatException | ArithmeticException e) {
            throw refused(text);
        }
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException(
                "'" + text + "' is no number of bytes below 2^63; write one with K, M, G or T behind, such as 4G");
    }

    /** In the largest unit that gives at least 1, with at most one digit behind the point. */
    static String text(long bytes) {
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        String number = String.format(Locale.ROOT, "%.1f", value);
        String shortest = number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
        return unit < 0 ? shortest + " B" : shortest + " " + UNITS.charAt(unit) + "iB";
    }
}
