// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.bindings;

import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.schema.Endian;
import dev.holdfast.codegen.schema.Schema;
import dev.holdfast.codegen.schema.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Java types of package {@value #PACKAGE}. */
public final class Bindings {
    /** Where the types go. */
    public static final String PACKAGE = "dev.holdfast.abi";

    private Bindings() {}

    /** The source files for {@code schema}, by path relative to a source root. */
    public static TextTree of(Schema schema, Tool tool) {
        String header = "SPDX-License-Identifier: Apache-2.0\n" + tool.provenance(schema, "bindings");
        SortedMap<String, String> files = new TreeMap<>();
        for (TypeSpec type : types(schema)) {
            JavaFile file = JavaFile.builder(PACKAGE, type)
                    .addFileComment("$L", header)
                    .skipJavaLangImports(true)
                    .indent("    ")
                    .build();
            files.put(path(type.name()), file.toString());
        }
        files.put(path("package-info"), packageInfo(header));
        return new TextTree(files);
    }

    private static List<TypeSpec> types(Schema schema) {
        List<TypeSpec> types = new ArrayList<>();
        for (Unit unit : schema.units()) {
            if (!unit.constants().isEmpty()) {
                types.add(NumberTypes.constants(unit));
            }
            unit.enums().forEach(type -> types.add(NumberTypes.enumeration(type)));
            unit.flags().forEach(flags -> types.add(NumberTypes.flags(flags)));
            if (!unit.modinfo().isEmpty()) {
                types.add(ModinfoType.of(unit));
            }
            unit.structs()
                    .forEach(struct -> types.add(
                            struct.endian() == Endian.LITTLE ? LayoutType.of(struct) : NativeType.of(struct)));
        }
        types.add(NumberTypes.ioctls(
                schema.units().stream().flatMap(unit -> unit.ioctls().stream()).toList()));
        types.add(ErrorTypes.errno());
        types.add(ErrorTypes.meanings(
                schema.units().stream().flatMap(unit -> unit.errors().stream()).toList()));
        types.add(FixedBytesType.of());
        return types;
    }

    private static String packageInfo(String header) {
        String comment = header.lines().map(line -> "// " + line + "\n").reduce("", String::concat);
        return comment + """
                /** The region format and the control interface, generated from the schema. */
                @NullMarked
                package %s;

                import org.jspecify.annotations.NullMarked;
                """.formatted(PACKAGE);
    }

    private static String path(String typeName) {
        return PACKAGE.replace('.', '/') + "/" + typeName + ".java";
    }
}
