// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing, measured of several subjects.
 *
 * @param title what was measured
 * @param unit the unit of its values
 * @param rows a row for each subject, ours first
 */
record Figure(String title, String unit, List<Row> rows) {

    /**
     * One subject: a file system, or an amount.
     *
     * @param subject its name
     * @param median the median of all rounds
     * @param lower a quarter of the rounds is below this
     * @param upper a quarter of the rounds is above this
     * @param spreadPercent how far both are apart, in percent of the median
     * @param ratio the first row's value as a multiple of this one, the median of all rounds; nothing if this one is not above 0
     * @param rounds each round
     */
    record Row(
            String subject,
            double median,
            double lower,
            double upper,
            double spreadPercent,
            @Nullable Double ratio,
            List<Double> rounds) {

        static Row of(String subject, Samples samples, Samples ours) {
            return new Row(
                    subject,
                    samples.median(),
                    samples.lower(),
                    samples.upper(),
                    samples.spreadPercent(),
                    samples.rounds().stream().allMatch(value -> value > 0)
                            ? ours.ratioTo(samples).median()
                            : null,
                    samples.rounds());
        }
    }

    Figure {
        rows = List.copyOf(rows);
    }

    /** A table in Markdown. */
    String markdown() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "**%s**, in %s%n%n| | median | middle half | spread | first / this |%n| --- | --- | --- | --- | --- |%n",
                title,
                unit));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s – %s | %.0f %% | %s |%n",
                    row.subject(),
                    Numbers.of(row.median()),
                    Numbers.of(row.lower()),
                    Numbers.of(row.upper()),
                    row.spreadPercent(),
                    row.ratio() == null ? "" : Numbers.of(row.ratio())));
        }
        return table.toString();
    }
}
