// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Tells the story of the demo as it goes, and measures its phases. */
final class Phases {

    private final Story story;
    private final Map<String, Long> millis = new LinkedHashMap<>();

    Phases(Story story) {
        this.story = story;
    }

    /** Does one phase. */
    <T> T run(String name, String told, Supplier<T> work) {
        story.begin(told);
        long start = System.nanoTime();
        T result = work.get();
        long took = (System.nanoTime() - start) / 1_000_000;
        millis.put(name, took);
        story.done(took);
        return result;
    }

    /** Adds a phase that was measured by somebody else. */
    void measured(String name, long took) {
        millis.put(name, took);
    }

    /** How long each phase took, in milliseconds, in their order. */
    Map<String, Long> millis() {
        return Collections.unmodifiableMap(millis);
    }
}
