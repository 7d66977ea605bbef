// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An integer of fixed width. */
public enum ScalarType {
    U8(1, false),
    U16(2, false),
    U32(4, false),
    U64(8, false),
    S8(1, true),
    S16(2, true),
    S32(4, true),
    S64(8, true);

    private final int size;
    private final boolean signed;

    ScalarType(int size, boolean signed) {
        this.size = size;
        this.signed = signed;
    }

    /** The type of that name in the schema, such as {@code u32}. */
    public static Optional<ScalarType> named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.schemaName().equals(name))
                .findFirst();
    }

    /** The name in the schema, such as {@code u32}. */
    public String schemaName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Size, in bytes. */
    public int size() {
        return size;
    }

    /** Size, in bits. */
    public int bits() {
        return size * Byte.SIZE;
    }

    public boolean signed() {
        return signed;
    }

    /** Whether a value of this type can be {@code value}. */
    public boolean holds(BigInteger value) {
        return signed ? value.bitLength() < bits() : value.signum() >= 0 && value.bitLength() <= bits();
    }
}
