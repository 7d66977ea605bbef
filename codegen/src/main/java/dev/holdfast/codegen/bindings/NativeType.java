// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.PUBLIC;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.Field;
import dev.holdfast.codegen.schema.FieldType;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.ScalarType;
import dev.holdfast.codegen.schema.Struct;

/** A struct that is passed to the kernel, in native memory that it owns. */
final class NativeType implements Accessors.Storage {
    private static final ClassName MEMORY = ClassName.get("com.sun.jna", "Memory");
    private static final ClassName POINTER = ClassName.get("com.sun.jna", "Pointer");

    static TypeSpec of(Struct struct) {
        ClassName name = JavaNames.type(Names.pascal(struct.name()));
        TypeSpec.Builder type = TypeSpec.classBuilder(name)
                .addModifiers(PUBLIC, FINAL)
                .addSuperinterface(AutoCloseable.class)
                .addJavadoc(JavaNames.javadoc(struct.doc()))
                .addJavadoc("\n\n<p>Owns native memory until it is closed; not for use by several threads. Unsigned"
                        + " numbers are in the Java\ninteger of their width.\n")
                .addField(MEMORY, "memory", PRIVATE, FINAL)
                .addMethod(constructor(struct));
        new Accessors(name, new NativeType()).addTo(type, struct);
        return type.addMethod(pointer())
                .addMethod(close())
                .addMethod(open(name))
                .build();
    }

    private static MethodSpec constructor(Struct struct) {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(PUBLIC)
                .addStatement("memory = new $T(SIZE)", MEMORY)
                .addStatement("memory.clear()");
        Field first = struct.fields().get(0);
        if (saysItsSize(first)) {
            constructor.addJavadoc("All zeros, but for {@code size}.");
            constructor.addStatement("memory.setInt($L, SIZE)", Accessors.offsetName(first));
        } else {
            constructor.addJavadoc("All zeros.");
        }
        return constructor.build();
    }

    private static boolean saysItsSize(Field field) {
        return field.name().equals("size") && field.type().equals(new FieldType.Scalar(ScalarType.U32));
    }

    private static MethodSpec pointer() {
        return MethodSpec.methodBuilder("pointer")
                .addModifiers(PUBLIC)
                .addJavadoc("Where the struct is, valid until this is closed.")
                .returns(POINTER)
                .addStatement("return open()")
                .build();
    }

    private static MethodSpec close() {
        return MethodSpec.methodBuilder("close")
                .addModifiers(PUBLIC)
                .addJavadoc("Frees the memory. Closing twice does nothing.")
                .addAnnotation(Override.class)
                .addStatement("memory.close()")
                .build();
    }

    /** JNA itself would read and write at address 0 once the memory is freed. */
    private static MethodSpec open(ClassName name) {
        return MethodSpec.methodBuilder("open")
                .addModifiers(PRIVATE)
                .returns(MEMORY)
                .beginControlFlow("if (!memory.valid())")
                .addStatement("throw new $T($S)", IllegalStateException.class, name.simpleName() + " is closed")
                .endControlFlow()
                .addStatement("return memory")
                .build();
    }

    @Override
    public CodeBlock get(ScalarType type, String offset) {
        return CodeBlock.of("open().get$L($L)", suffix(type), offset);
    }

    @Override
    public CodeBlock put(ScalarType type, String offset) {
        return CodeBlock.of("open().set$L($L, value)", suffix(type), offset);
    }

    @Override
    public CodeBlock getBytes(String offset, int length) {
        return CodeBlock.of("open().getByteArray($L, $L)", offset, length);
    }

    @Override
    public CodeBlock putBytes(String offset) {
        return CodeBlock.of("open().write($L, bytes, 0, bytes.length)", offset);
    }

    private static String suffix(ScalarType type) {
        return switch (type.size()) {
            case 1 -> "Byte";
            case 2 -> "Short";
            case 4 -> "Int";
            default -> "Long";
        };
    }
}
