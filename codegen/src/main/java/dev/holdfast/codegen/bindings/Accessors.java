// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PUBLIC;
import static javax.lang.model.element.Modifier.STATIC;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.Field;
import dev.holdfast.codegen.schema.FieldType;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.ScalarType;
import dev.holdfast.codegen.schema.Struct;

/** The constants and methods that every generated struct has, whatever holds its bytes. */
final class Accessors {
    private static final ArrayTypeName BYTES = ArrayTypeName.of(TypeName.BYTE);

    private final ClassName owner;
    private final Storage storage;

    Accessors(ClassName owner, Storage storage) {
        this.owner = owner;
        this.storage = storage;
    }

    /** How the bytes at a constant offset are read and written. */
    interface Storage {
        /** Expression for the integer at {@code offset}. */
        CodeBlock get(ScalarType type, String offset);

        /** Statement that writes {@code value} at {@code offset}. */
        CodeBlock put(ScalarType type, String offset);

        /** Expression for the {@code length} bytes at {@code offset}. */
        CodeBlock getBytes(String offset, int length);

        /** Statement that writes the array {@code bytes} at {@code offset}. */
        CodeBlock putBytes(String offset);
    }

    static String offsetName(Field field) {
        return "OFFSET_" + Names.upper(field.name());
    }

    void addTo(TypeSpec.Builder type, Struct struct) {
        type.addField(constant("SIZE", struct.size(), "Size of the struct, in bytes."));
        for (Field field : struct.fields()) {
            type.addField(constant(offsetName(field), field.offset(), "Offset of " + field.name() + ", in bytes."));
        }
        for (Field field : struct.fields()) {
            add(type, field);
        }
    }

    private static FieldSpec constant(String name, int value, String doc) {
        return FieldSpec.builder(TypeName.INT, name, PUBLIC, STATIC, FINAL)
                .initializer("$L", value)
                .addJavadoc(JavaNames.javadoc(doc))
                .build();
    }

    private void add(TypeSpec.Builder type, Field field) {
        String offset = offsetName(field);
        if (field.type() instanceof FieldType.Scalar scalar) {
            TypeName integer = JavaNames.integer(scalar.type());
            type.addMethod(getter(field, integer)
                    .addStatement("return $L", storage.get(scalar.type(), offset))
                    .build());
            type.addMethod(setter(field, integer)
                    .addStatement(storage.put(scalar.type(), offset))
                    .addStatement("return this")
                    .build());
        } else if (field.type() instanceof FieldType.Bytes bytes) {
            addBytes(type, field, bytes.length());
        } else if (field.type() instanceof FieldType.Text text) {
            addText(type, field, text.length());
        } else if (field.type() instanceof FieldType.Structs structs) {
            addStructs(type, field, structs);
        }
    }

    private void addBytes(TypeSpec.Builder type, Field field, int length) {
        type.addMethod(getter(field, BYTES)
                .addStatement("return $L", storage.getBytes(offsetName(field), length))
                .build());
        type.addMethod(setter(field, BYTES)
                .addJavadoc("\n\n@throws IllegalArgumentException if these are not $L bytes", length)
                .beginControlFlow("if (value.length != $L)", length)
                .addStatement(
                        "throw new $T($S + value.length)",
                        IllegalArgumentException.class,
                        field.name() + " is " + length + " bytes long, not ")
                .endControlFlow()
                .addStatement("byte[] bytes = value")
                .addStatement(storage.putBytes(offsetName(field)))
                .addStatement("return this")
                .build());
    }

    private void addText(TypeSpec.Builder type, Field field, int length) {
        type.addMethod(getter(field, ClassName.get(String.class))
                .addStatement("return $T.decode($L)", FixedBytesType.NAME, storage.getBytes(offsetName(field), length))
                .build());
        type.addMethod(setter(field, ClassName.get(String.class))
                .addJavadoc(
                        "\n\n@throws IllegalArgumentException if it takes more than $L bytes, or holds a zero\n",
                        length - 1)
                .addStatement("byte[] bytes = $T.encode($S, value, $L)", FixedBytesType.NAME, field.name(), length)
                .addStatement(storage.putBytes(offsetName(field)))
                .addStatement("return this")
                .build());
    }

    private static void addStructs(TypeSpec.Builder type, Field field, FieldType.Structs structs) {
        ClassName layout = JavaNames.layout(structs.struct());
        type.addMethod(getter(field, layout)
                .addJavadoc("\n\n@param index from 0 to $L", structs.count() - 1)
                .addParameter(TypeName.INT, "index")
                .addStatement("$T.checkIndex(index, $L)", ClassName.get("java.util", "Objects"), structs.count())
                .addStatement(
                        "return new $T(buffer, position + $L + index * $T.SIZE)", layout, offsetName(field), layout)
                .build());
    }

    private static MethodSpec.Builder getter(Field field, TypeName type) {
        return MethodSpec.methodBuilder(Names.camel(field.name()))
                .addModifiers(PUBLIC)
                .addJavadoc(JavaNames.javadoc(field.doc()))
                .returns(type);
    }

    private MethodSpec.Builder setter(Field field, TypeName type) {
        return MethodSpec.methodBuilder(Names.camel(field.name()))
                .addModifiers(PUBLIC)
                .addJavadoc("Sets $L. ", field.name())
                .addJavadoc(JavaNames.javadoc(field.doc()))
                .addParameter(type, "value")
                .returns(owner);
    }
}
