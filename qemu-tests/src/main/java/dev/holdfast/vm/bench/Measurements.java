// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.vm.HarnessException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the program inside has measured: lines of a figure, a subject and a value. */
final class Measurements {

    private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

    /** Adds what the program wrote. */
    void add(String output) {
        output.lines().forEach(this::addLine);
    }

    private void addLine(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3) {
            throw new HarnessException(
                    "the measuring program wrote '" + line + "', not a figure, a subject and a value");
        }
        add(words[0], words[1], Double.parseDouble(words[2]));
    }

    /** Adds one value. */
    void add(String figure, String subject, double value) {
        values.computeIfAbsent(figure, none -> new LinkedHashMap<>())
                .computeIfAbsent(subject, none -> new ArrayList<>())
                .add(value);
    }

    /** Whether nothing was measured. */
    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether a subject was measured. */
    boolean has(String figure, String subject) {
        return of(figure).containsKey(subject);
    }

    /** The subjects of a figure, in the order in which they were measured. */
    List<String> subjects(String figure) {
        return List.copyOf(of(figure).keySet());
    }

    /** What was measured. */
    Samples of(String figure, String subject) {
        List<Double> rounds = of(figure).get(subject);
        if (rounds == null) {
            throw new HarnessException(figure + " of " + subject + " was not measured");
        }
        return new Samples(rounds);
    }

    private Map<String, List<Double>> of(String figure) {
        return values.getOrDefault(figure, Map.of());
    }
}
