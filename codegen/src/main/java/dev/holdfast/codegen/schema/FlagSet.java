// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;
import java.util.List;

/**
 * A choice of any number of bits.
 *
 * @param name name in the schema
 * @param type type of the field that holds the bits
 * @param doc what they say
 * @param bits the bits that have a meaning
 */
public record FlagSet(String name, ScalarType type, String doc, List<Flag> bits) {
    public FlagSet {
        bits = List.copyOf(bits);
    }

    /** All bits that have a meaning. */
    public BigInteger known() {
        return bits.stream().map(Flag::mask).reduce(BigInteger.ZERO, BigInteger::or);
    }

    /**
     * One bit.
     *
     * @param name name in the schema
     * @param bit number of the bit, 0 for the lowest
     * @param doc what it means when set
     */
    public record Flag(String name, int bit, String doc) {
        /** The bit as a number. */
        public BigInteger mask() {
            return BigInteger.ONE.shiftLeft(bit);
        }
    }
}
