// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;

/**
 * A named number.
 *
 * @param name name in the schema
 * @param type its type, which holds the value
 * @param value the number
 * @param hexadecimal whether the schema writes it in hexadecimal
 * @param doc what it means, with its unit
 */
public record Constant(String name, ScalarType type, BigInteger value, boolean hexadecimal, String doc) {}
