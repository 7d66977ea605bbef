// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import static javax.lang.model.element.Modifier.FINAL;
import static javax.lang.model.element.Modifier.PRIVATE;
import static javax.lang.model.element.Modifier.PUBLIC;
import static javax.lang.model.element.Modifier.STATIC;

import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.schema.ModuleStatement;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.Unit;

/** The keys under which a module says in its modinfo what it can do. */
final class ModinfoType {
    private ModinfoType() {}

    static TypeSpec of(Unit unit) {
        TypeSpec.Builder type = TypeSpec.classBuilder(Names.pascal(unit.name()) + "Modinfo")
                .addModifiers(PUBLIC, FINAL)
                .addJavadoc("Keys of the module's modinfo: what it says about the " + unit.name() + " unit.")
                .addMethod(MethodSpec.constructorBuilder().addModifiers(PRIVATE).build());
        unit.modinfo().forEach(statement -> type.addField(key(statement)));
        return type.build();
    }

    private static FieldSpec key(ModuleStatement statement) {
        return FieldSpec.builder(String.class, Names.upper(statement.name()), PUBLIC, STATIC, FINAL)
                .initializer("$S", statement.key())
                .addJavadoc(JavaNames.javadoc(statement.doc()))
                .build();
    }
}
