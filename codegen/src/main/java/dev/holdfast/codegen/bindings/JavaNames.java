// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.ScalarType;
import dev.holdfast.codegen.schema.Struct;
import java.math.BigInteger;

/** How things of the schema are named and written in Java. */
final class JavaNames {
    private JavaNames() {}

    static ClassName type(String name) {
        return ClassName.get(Bindings.PACKAGE, name);
    }

    static ClassName layout(Struct struct) {
        return type(Names.pascal(struct.name()) + "Layout");
    }

    /** The Java integer of the same width. */
    static TypeName integer(ScalarType type) {
        return switch (type.size()) {
            case 1 -> TypeName.BYTE;
            case 2 -> TypeName.SHORT;
            case 4 -> TypeName.INT;
            default -> TypeName.LONG;
        };
    }

    /** The type of a constant: {@code int} up to 32 bits, otherwise {@code long}. */
    static TypeName constant(ScalarType type) {
        return type.size() <= Integer.BYTES ? TypeName.INT : TypeName.LONG;
    }

    /** A literal of {@link #constant}; a value beyond the signed range is written in hexadecimal. */
    static CodeBlock literal(ScalarType type, BigInteger value, boolean hexadecimal) {
        int bits = type.size() <= Integer.BYTES ? Integer.SIZE : Long.SIZE;
        String suffix = bits == Long.SIZE ? "L" : "";
        boolean hex = hexadecimal || value.bitLength() >= bits;
        return CodeBlock.of("$L", (hex ? "0x" + value.toString(16) : value.toString()) + suffix);
    }

    /** Text of the schema as Javadoc. */
    static CodeBlock javadoc(String text) {
        String escaped = text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;");
        return CodeBlock.of("$L", escaped.strip().replace("\n\n", "\n\n<p>"));
    }
}
