// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.PUBLIC;
import static javax.lang.model.element.Modifier.STATIC;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.EnumType;
import dev.holdfast.codegen.schema.FlagSet;
import dev.holdfast.codegen.schema.Ioctl;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.Unit;
import java.util.List;

/** Classes that hold nothing but numbers. */
final class NumberTypes {
    private NumberTypes() {}

    static TypeSpec constants(Unit unit) {
        TypeSpec.Builder type =
                holder(Names.pascal(unit.name()) + "Constants", "Numbers of the " + unit.name() + " unit.");
        unit.constants()
                .forEach(constant -> type.addField(field(
                        JavaNames.constant(constant.type()),
                        constant.name(),
                        JavaNames.literal(constant.type(), constant.value(), constant.hexadecimal()),
                        constant.doc())));
        return type.build();
    }

    static TypeSpec enumeration(EnumType choice) {
        TypeSpec.Builder type = holder(Names.pascal(choice.name()), choice.doc());
        choice.values()
                .forEach(value -> type.addField(field(
                        JavaNames.constant(choice.type()),
                        value.name(),
                        JavaNames.literal(choice.type(), value.value(), false),
                        value.doc())));
        return type.build();
    }

    static TypeSpec flags(FlagSet flags) {
        TypeSpec.Builder type = holder(Names.pascal(flags.name()) + "Flags", flags.doc());
        TypeName integer = JavaNames.constant(flags.type());
        flags.bits()
                .forEach(flag -> type.addField(
                        field(integer, flag.name(), JavaNames.literal(flags.type(), flag.mask(), true), flag.doc())));
        CodeBlock known = JavaNames.literal(flags.type(), flags.known(), true);
        return type.addField(field(integer, "known", known, "All bits that have a meaning."))
                .build();
    }

    static TypeSpec ioctls(List<Ioctl> ioctls) {
        TypeSpec.Builder type = holder("Ioctls", "Requests of the module.");
        ioctls.forEach(ioctl -> type.addField(field(
                TypeName.LONG,
                ioctl.name(),
                CodeBlock.of("$L", "0x" + Long.toHexString(ioctl.request()) + "L"),
                ioctl.doc())));
        return type.build();
    }

    private static TypeSpec.Builder holder(String name, String doc) {
        return TypeSpec.classBuilder(name)
                .addModifiers(PUBLIC, FINAL)
                .addJavadoc(JavaNames.javadoc(doc))
                .addMethod(MethodSpec.constructorBuilder().addModifiers(PRIVATE).build());
    }

    private static FieldSpec field(TypeName type, String name, CodeBlock value, String doc) {
        return FieldSpec.builder(type, Names.upper(name), PUBLIC, STATIC, FINAL)
                .initializer(value)
                .addJavadoc(JavaNames.javadoc(doc))
                .build();
    }
}
