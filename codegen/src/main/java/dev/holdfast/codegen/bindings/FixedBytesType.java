// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.STATIC;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the generated structs share: text and bytes in fields of fixed length. */
final class FixedBytesType {
    static final ClassName NAME = JavaNames.type("FixedBytes");

    private FixedBytesType() {}

    static TypeSpec of() {
        return TypeSpec.classBuilder(NAME)
                .addModifiers(FINAL)
                .addJavadoc("Text and bytes in fields of fixed length.")
                .addMethod(MethodSpec.constructorBuilder().addModifiers(PRIVATE).build())
                .addMethod(copy())
                .addMethod(decode())
                .addMethod(encode())
                .build();
    }

    private static MethodSpec copy() {
        return MethodSpec.methodBuilder("copy")
                .addModifiers(STATIC)
                .returns(byte[].class)
                .addParameter(ByteBuffer.class, "buffer")
                .addParameter(TypeName.INT, "position")
                .addParameter(TypeName.INT, "length")
                .addStatement("byte[] bytes = new byte[length]")
                .addStatement("buffer.get(position, bytes)")
                .addStatement("return bytes")
                .build();
    }

    private static MethodSpec decode() {
        return MethodSpec.methodBuilder("decode")
                .addModifiers(STATIC)
                .addJavadoc("The text up to the first zero.")
                .returns(String.class)
                .addParameter(byte[].class, "bytes")
                .addStatement("int length = 0")
                .beginControlFlow("while (length < bytes.length && bytes[length] != 0)")
                .addStatement("length++")
                .endControlFlow()
                .addStatement("return new String(bytes, 0, length, $T.UTF_8)", StandardCharsets.class)
                .build();
    }

    private static MethodSpec encode() {
        return MethodSpec.methodBuilder("encode")
                .addModifiers(STATIC)
                .addJavadoc("The text, padded with at least one zero to {@code length} bytes.")
                .returns(byte[].class)
                .addParameter(String.class, "field")
                .addParameter(String.class, "text")
                .addParameter(TypeName.INT, "length")
                .addStatement("byte[] bytes = text.getBytes($T.UTF_8)", StandardCharsets.class)
                .beginControlFlow("if (bytes.length >= length)")
                .addStatement(
                        "throw new $T(field + $S + (length - 1) + $S + bytes.length)",
                        IllegalArgumentException.class,
                        " holds at most ",
                        " bytes of UTF-8, not ")
                .endControlFlow()
                .beginControlFlow("if (text.indexOf(0) >= 0)")
                .addStatement("throw new $T(field + $S)", IllegalArgumentException.class, " must not contain a zero")
                .endControlFlow()
                .addStatement("return $T.copyOf(bytes, length)", Arrays.class)
                .build();
    }
}
