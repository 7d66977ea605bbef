// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.time.Duration;
import java.util.Map;

/**
 * How long things may take before a VM counts as hung. Generous: they are there to end a hang, not to measure.
 *
 * @param scale factor for all of them, from {@code HOLDFAST_TIMEOUT_SCALE}
 */
public record Deadlines(double scale) {

    private static final Duration INIT = Duration.ofSeconds(150);
    private static final Duration HELLO = Duration.ofMinutes(2);
    private static final Duration TASK = Duration.ofMinutes(4);

    /** From the environment. */
    public static Deadlines of(Map<String, String> environment) {
        String text = environment.getOrDefault("HOLDFAST_TIMEOUT_SCALE", "1");
        try {
            double scale = Double.parseDouble(text);
            if (scale > 0 && scale <= 1000) {
                return new Deadlines(scale);
            }
        } catch (NumberFormatException e) {
            throw new HarnessException("HOLDFAST_TIMEOUT_SCALE is '" + text + "'; it is a factor such as 2 or 0.5", e);
        }
        throw new HarnessException("HOLDFAST_TIMEOUT_SCALE is " + text + "; it is more than 0 and at most 1000");
    }

    /** From the start of a kernel to its init, or from where a task says that it leaves: it may have work to do then. */
    public Duration init() {
        return scaled(INIT);
    }

    /** From init to the agent's hello. */
    public Duration hello() {
        return scaled(HELLO);
    }

    /** For a task that says nothing else. */
    public Duration task() {
        return scaled(TASK);
    }

    /** Another one, scaled. */
    public Duration scaled(Duration duration) {
        return Duration.ofMillis(Math.round(duration.toMillis() * scale));
    }
}
