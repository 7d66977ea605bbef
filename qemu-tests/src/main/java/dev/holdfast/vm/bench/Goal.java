// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.Locale;

/**
 * A figure that is to be reached.
 *
 * @param text what is wanted
 * @param value what was measured, the median of all rounds
 * @param lower a quarter of the rounds is below this
 * @param upper a quarter of the rounds is above this
 * @param limit the most that it may be
 * @param unit the unit of all of these
 * @param verdict whether it was reached
 */
record Goal(String text, double value, double lower, double upper, double limit, String unit, Verdict verdict) {

    /** Whether a goal was reached. */
    enum Verdict {
        MET("met"),
        /** The rounds do not tell: some are on either side of the limit, the median beyond it. */
        LEVEL("level: the limit is within the spread"),
        MISSED("not met");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        private static Verdict of(Samples samples, double limit) {
            if (samples.median() <= limit) {
                return MET;
            }
            return samples.lower() <= limit ? LEVEL : MISSED;
        }
    }

    static Goal of(String text, Samples samples, double limit, String unit) {
        return new Goal(
                text, samples.median(), samples.lower(), samples.upper(), limit, unit, Verdict.of(samples, limit));
    }

    /** A row in Markdown. */
    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %s%s (%s – %s) | %s%s | %s |%n",
                text,
                Numbers.of(value),
                unit,
                Numbers.of(lower),
                Numbers.of(upper),
                Numbers.of(limit),
                unit,
                verdict.words);
    }
}
