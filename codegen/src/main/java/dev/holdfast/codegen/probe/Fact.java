// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/**
 * One answer about a kernel.
 *
 * @param name what was asked
 * @param value the answer, a word
 * @param place what the answer rests on
 */
public record Fact(String name, String value, Place place) {
    static Fact yesNo(String name, boolean value, Place place) {
        return new Fact(name, value ? "yes" : "no", place);
    }
}
