// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long each phase of a live update took. Within a kernel its monotonic clock was read; the jump is known by the clock of the day
 * only, which a kernel takes from the machine's clock when it starts, to a second.
 *
 * @param phases all that there were, in the order in which they started
 */
public record Timeline(List<Phase> phases) {
    /** What is done in a phase. */
    public enum Step {
        /** The next kernel, its module and the regions are looked at; everything runs. */
        CHECK,
        /** The next kernel is loaded; everything runs. */
        LOAD,
        /** A participant stops. */
        QUIESCE,
        /** A participant saves what it knows. */
        SAVE,
        /** From the jump to {@link LiveUpdate#resume}. */
        JUMP,
        /** A participant goes on. */
        RESTORE
    }

    /**
     * A phase.
     *
     * @param step what was done
     * @param participant of whom, or an empty text
     * @param start when it started
     * @param took how long it took
     */
    public record Phase(Step step, String participant, Instant start, Duration took) {
        private static final int FIELDS = 4;

        /** When it ended. */
        public Instant end() {
            return start.plus(took);
        }

        private String line() {
            return String.join("\t", step.name(), participant, start.toString(), took.toString());
        }

        private static Phase of(String line) {
            String[] fields = line.split("\t", -1);
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("not a phase: " + line);
            }
            return new Phase(Step.valueOf(fields[0]), fields[1], Instant.parse(fields[2]), Duration.parse(fields[3]));
        }
    }

    /** Takes a copy of the list. */
    public Timeline {
        phases = List.copyOf(phases);
    }

    /** How long all phases of a step took together. */
    public Duration took(Step step) {
        return phases.stream()
                .filter(phase -> phase.step() == step)
                .map(Phase::took)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** From the first participant that had to stop to the last one that went on: what a guest misses at most. */
    public Duration pause() {
        List<Phase> paused = phases.stream()
                .filter(phase -> phase.step().compareTo(Step.QUIESCE) >= 0)
                .toList();
        if (paused.isEmpty()) {
            return Duration.ZERO;
        }
        Instant end =
                paused.stream().map(Phase::end).max(Comparator.naturalOrder()).orElseThrow();
        return Duration.between(paused.get(0).start(), end);
    }

    /** This and one phase more. */
    Timeline with(Phase phase) {
        return then(new Timeline(List.of(phase)));
    }

    /** This and what came behind it. */
    Timeline then(Timeline next) {
        return new Timeline(Stream.concat(phases.stream(), next.phases.stream()).toList());
    }

    /** Whether the last phase is a jump. */
    boolean jumps() {
        return !phases.isEmpty() && phases.get(phases.size() - 1).step() == Step.JUMP;
    }

    /** This with the last phase, a jump, ended. */
    Timeline landed(Instant now) {
        int last = phases.size() - 1;
        Phase jump = phases.get(last);
        Duration took = Duration.between(jump.start(), now);
        return new Timeline(phases.subList(0, last))
                .with(new Phase(Step.JUMP, "", jump.start(), took.isNegative() ? Duration.ZERO : took));
    }

    /** A line for each phase. */
    byte[] toBytes() {
        return phases.stream()
                .map(Phase::line)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws IllegalArgumentException if it is not that
     * @throws java.time.format.DateTimeParseException if a time in it is none
     */
    static Timeline of(byte[] bytes) {
        return new Timeline(
                new String(bytes, StandardCharsets.UTF_8).lines().map(Phase::of).toList());
    }
}
