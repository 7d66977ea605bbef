// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;
import java.util.List;

/**
 * A choice of one.
 *
 * @param name name in the schema
 * @param type type of the field that holds the choice
 * @param doc what is chosen
 * @param values the choices
 */
public record EnumType(String name, ScalarType type, String doc, List<Value> values) {
    public EnumType {
        values = List.copyOf(values);
    }

    /**
     * One choice.
     *
     * @param name name in the schema
     * @param value number that stands for it
     * @param doc what it means
     */
    public record Value(String name, BigInteger value, String doc) {}
}
