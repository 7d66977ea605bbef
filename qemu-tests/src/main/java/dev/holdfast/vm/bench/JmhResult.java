// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What JMH writes with {@code -rf json}.
 *
 * @param benchmarks one for each method that was measured
 */
record JmhResult(JsonArray benchmarks) {

    /** The subjects by the classes that measure them. JMH goes by the alphabet; in a figure ours comes first. */
    private static final Map<String, String> SUBJECTS = subjects();

    private static Map<String, String> subjects() {
        Map<String, String> subjects = new LinkedHashMap<>();
        subjects.put("CallBenchmark", "library");
        subjects.put("GuestMemoryBenchmark", "guest-memory");
        subjects.put("ArrayBenchmark", "array");
        return subjects;
    }

    static JmhResult of(String json) {
        return new JmhResult(JsonParser.parseString(json).getAsJsonArray());
    }

    /** Adds each iteration, not JMH's mean of them. A figure has the name of the method. */
    void addTo(Measurements measured) {
        SUBJECTS.forEach((type, subject) -> {
            for (JsonElement each : benchmarks) {
                JsonObject benchmark = each.getAsJsonObject();
                String name = benchmark.get("benchmark").getAsString();
                String figure = name.substring(name.lastIndexOf('.') + 1);
                if (name.endsWith("." + type + "." + figure)) {
                    for (JsonElement fork :
                            benchmark.getAsJsonObject("primaryMetric").getAsJsonArray("rawData")) {
                        fork.getAsJsonArray().forEach(value -> measured.add(figure, subject, value.getAsDouble()));
                    }
                }
            }
        });
    }
}
