// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;

/**
 * What a kernel tree declares.
 *
 * @param release its release, as {@code uname -r} says it
 * @param facts the answers, in a fixed order
 */
public record Kernel(String release, List<Fact> facts) {
    public Kernel {
        facts = List.copyOf(facts);
    }

    /**
     * The answer to {@code name}.
     *
     * @throws IllegalArgumentException if that was not asked
     */
    public String fact(String name) {
        return facts.stream()
                .filter(fact -> fact.name().equals(name))
                .map(Fact::value)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fact '" + name + "'"));
    }
}
