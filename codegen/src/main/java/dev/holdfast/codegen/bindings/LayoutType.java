// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.PUBLIC;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.ScalarType;
import dev.holdfast.codegen.schema.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/** A little-endian struct, as a view of a ByteBuffer. */
final class LayoutType implements Accessors.Storage {
    static TypeSpec of(Struct struct) {
        ClassName name = JavaNames.layout(struct);
        TypeSpec.Builder type = TypeSpec.classBuilder(name)
                .addModifiers(PUBLIC, FINAL)
                .addJavadoc(JavaNames.javadoc(struct.doc()))
                .addJavadoc(
                        "\n\n<p>A view: it owns no bytes. Unsigned numbers are in the Java integer of their width.\n")
                .addField(ByteBuffer.class, "buffer", PRIVATE, FINAL)
                .addField(TypeName.INT, "position", PRIVATE, FINAL)
                .addMethod(constructor());
        new Accessors(name, new LayoutType()).addTo(type, struct);
        return type.build();
    }

    private static MethodSpec constructor() {
        return MethodSpec.constructorBuilder()
                .addModifiers(PUBLIC)
                .addJavadoc("""
                        A view of the {@code SIZE} bytes from {@code position} of {@code buffer}, whose own position and
                        byte order do not matter and stay as they are.

                        @throws IndexOutOfBoundsException if they reach beyond the buffer's limit
                        """)
                .addParameter(ByteBuffer.class, "buffer")
                .addParameter(TypeName.INT, "position")
                .addStatement("this.position = $T.checkFromIndexSize(position, SIZE, buffer.limit())", Objects.class)
                .addStatement("this.buffer = buffer.duplicate().order($T.LITTLE_ENDIAN)", ByteOrder.class)
                .build();
    }

    @Override
    public CodeBlock get(ScalarType type, String offset) {
        return CodeBlock.of("buffer.get$L(position + $L)", suffix(type), offset);
    }

    @Override
    public CodeBlock put(ScalarType type, String offset) {
        return CodeBlock.of("buffer.put$L(position + $L, value)", suffix(type), offset);
    }

    @Override
    public CodeBlock getBytes(String offset, int length) {
        return CodeBlock.of("$T.copy(buffer, position + $L, $L)", FixedBytesType.NAME, offset, length);
    }

    @Override
    public CodeBlock putBytes(String offset) {
        return CodeBlock.of("buffer.put(position + $L, bytes)", offset);
    }

    private static String suffix(ScalarType type) {
        return switch (type.size()) {
            case 1 -> "";
            case 2 -> "Short";
            case 4 -> "Int";
            default -> "Long";
        };
    }
}
