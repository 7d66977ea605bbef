// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/**
 * One answer about a kernel.
 *
 * @param name what was asked
 * @param value the answer, a word
 * @param evidence what the answer rests on
 * @param place where that stands
 */
public record Fact(String name, String value, Evidence evidence, Place place) {
    /** An answer that was read at {@code place}. */
    public Fact(String name, String value, Place place) {
        this(name, value, Evidence.of(place), place);
    }

    static Fact yesNo(String name, boolean value, Place place) {
        return new Fact(name, value ? "yes" : "no", place);
    }
}
