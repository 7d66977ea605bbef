// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.PUBLIC;
import static javax.lang.model.element.Modifier.STATIC;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.Errno;
import dev.holdfast.codegen.schema.ErrorMeaning;
import dev.holdfast.codegen.schema.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The errno numbers, and what those from the module mean. */
final class ErrorTypes {
    private static final ClassName ERRNO = JavaNames.type("Errno");
    private static final ClassName MEANING = JavaNames.type("ErrorMeaning");
    private static final ClassName STRING = ClassName.get(String.class);

    private ErrorTypes() {}

    static TypeSpec errno() {
        TypeSpec.Builder type = TypeSpec.enumBuilder(ERRNO)
                .addModifiers(PUBLIC)
                .addJavadoc("The errno numbers of Linux (asm-generic: x86 and ARM among others).");
        for (Errno errno : Errno.values()) {
            type.addEnumConstant(
                    errno.name(),
                    TypeSpec.anonymousClassBuilder("$L", errno.number()).build());
        }
        return type.addField(TypeName.INT, "number", PRIVATE, FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addParameter(TypeName.INT, "number")
                        .addStatement("this.number = number")
                        .build())
                .addMethod(getter(TypeName.INT, "number", "The number."))
                .addMethod(finder(ERRNO, TypeName.INT, "number", "The errno of that number."))
                .build();
    }

    static TypeSpec meanings(List<ErrorMeaning> meanings) {
        TypeSpec.Builder type =
                TypeSpec.enumBuilder(MEANING).addModifiers(PUBLIC).addJavadoc("What an errno from the module means.");
        for (ErrorMeaning meaning : meanings) {
            type.addEnumConstant(
                    Names.upper(meaning.name()),
                    TypeSpec.anonymousClassBuilder(
                                    "$T.$L, $S, $S", ERRNO, meaning.errno().name(), meaning.doc(), meaning.hint())
                            .addJavadoc(JavaNames.javadoc(meaning.doc()))
                            .build());
        }
        return type.addField(ERRNO, "errno", PRIVATE, FINAL)
                .addField(STRING, "doc", PRIVATE, FINAL)
                .addField(STRING, "hint", PRIVATE, FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addParameter(ERRNO, "errno")
                        .addParameter(STRING, "doc")
                        .addParameter(STRING, "hint")
                        .addStatement("this.errno = errno")
                        .addStatement("this.doc = doc")
                        .addStatement("this.hint = hint")
                        .build())
                .addMethod(getter(ERRNO, "errno", "The errno."))
                .addMethod(getter(STRING, "doc", "What is wrong, as a sentence."))
                .addMethod(getter(STRING, "hint", "What to do about it."))
                .addMethod(finder(MEANING, ERRNO, "errno", "What that errno means, if the module gives it a meaning."))
                .build();
    }

    private static MethodSpec getter(TypeName type, String name, String doc) {
        return MethodSpec.methodBuilder(name)
                .addModifiers(PUBLIC)
                .addJavadoc("$L", doc)
                .returns(type)
                .addStatement("return $L", name)
                .build();
    }

    private static MethodSpec finder(ClassName owner, TypeName keyType, String key, String doc) {
        return MethodSpec.methodBuilder("of")
                .addModifiers(PUBLIC, STATIC)
                .addJavadoc("$L", doc)
                .addParameter(keyType, key)
                .returns(ParameterizedTypeName.get(ClassName.get(Optional.class), owner))
                .addStatement(
                        "return $T.stream(values()).filter(value -> value.$L == $L).findFirst()",
                        Arrays.class,
                        key,
                        key)
                .build();
    }
}
