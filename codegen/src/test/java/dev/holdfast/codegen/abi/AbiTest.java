// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.abi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.bindings.Bindings;
import dev.holdfast.codegen.files.Content;
import dev.holdfast.codegen.files.OutputFolder;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.probe.SyntheticKernel;
import dev.holdfast.codegen.render.Renderer;
import dev.holdfast.codegen.schema.Endian;
import dev.holdfast.codegen.schema.Field;
import dev.holdfast.codegen.schema.FieldType;
import dev.holdfast.codegen.schema.ModuleStatement;
import dev.holdfast.codegen.schema.Names;
import dev.holdfast.codegen.schema.Schema;
import dev.holdfast.codegen.schema.SchemaParser;
import dev.holdfast.codegen.schema.Struct;
import dev.holdfast.codegen.schema.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the C compiler says of the rendered headers, what the schema says, and what the generated Java says. */
final class AbiTest {
    private static final Tool TOOL = new Tool("holdfast-codegen", "test");

    @TempDir
    Path folder;

    private Schema schema;
    private Map<String, Long> fromC;

    @BeforeEach
    void askTheCompiler() throws IOException, InterruptedException {
        schema = SchemaParser.packed();
        Path kernel = SyntheticKernel.in(folder.resolve("kernel")).root();
        Path module = folder.resolve("module");
        TextTree sources = new Renderer(Renderer.packedTemplates()).render(schema, Probe.of(kernel), TOOL);
        new OutputFolder(module, false).write(Content.of(sources), Map.of());
        CProgram program = new CProgram("format.h", "uapi/holdfast.h");
        schema.units().forEach(unit -> print(program, unit));
        fromC = program.run(folder, module, Path.of("../kmod-templates/user"));
    }

    @Test
    void theHeadersSayWhatTheSchemaSays() {
        Map<String, Long> fromSchema = new LinkedHashMap<>();
        for (Unit unit : schema.units()) {
            unit.constants()
                    .forEach(constant ->
                            fromSchema.put(constant.name(), constant.value().longValue()));
            unit.enums()
                    .forEach(choice -> choice.values()
                            .forEach(value -> fromSchema.put(
                                    choice.name() + "_" + value.name(),
                                    value.value().longValue())));
            unit.flags().forEach(set -> {
                set.bits().forEach(flag -> fromSchema.put(set.name() + "_" + flag.name(), 1L << flag.bit()));
                fromSchema.put(set.name() + "_known", set.known().longValue());
            });
            for (Struct struct : unit.structs()) {
                fromSchema.put(struct.name(), (long) struct.size());
                for (Field field : struct.fields()) {
                    fromSchema.put(struct.name() + "." + field.name(), (long) field.offset());
                    fromSchema.put(struct.name() + "." + field.name() + " size", (long)
                            field.type().size());
                }
            }
            unit.ioctls().forEach(ioctl -> fromSchema.put("ioc_" + ioctl.name(), ioctl.request()));
        }

        assertThat(fromC).hasSizeGreaterThan(150).isEqualTo(fromSchema);
    }

    @Test
    void theJavaTypesSayWhatTheHeadersSay() throws IOException, ReflectiveOperationException {
        Map<String, Long> fromJava = new LinkedHashMap<>();
        try (CompiledBindings types = CompiledBindings.of(Bindings.of(schema, TOOL), folder)) {
            for (Unit unit : schema.units()) {
                addNumbers(fromJava, unit, types);
                for (Struct struct : unit.structs()) {
                    addStruct(fromJava, struct, types);
                }
            }
        }

        assertThat(fromJava).isEqualTo(fromC);
    }

    @Test
    void theModuleAndJavaAgreeOnTheModinfo() throws IOException, ReflectiveOperationException {
        String module = Files.readString(folder.resolve("module/main.c"));

        assertThat(module.lines().filter(line -> line.startsWith("MODULE_INFO(")))
                .containsExactly(
                        "MODULE_INFO(holdfast_format_version, \"1\");",
                        "MODULE_INFO(holdfast_format_version_oldest, \"1\");",
                        "MODULE_INFO(holdfast_compat, \"0x0\");",
                        "MODULE_INFO(holdfast_ro_compat, \"0x3\");",
                        "MODULE_INFO(holdfast_incompat, \"0x3\");");
        try (CompiledBindings types = CompiledBindings.of(Bindings.of(schema, TOOL), folder)) {
            for (ModuleStatement statement : schema.unit("format").modinfo()) {
                assertThat(types.type("FormatModinfo")
                                .getField(Names.upper(statement.name()))
                                .get(null))
                        .isEqualTo(statement.key());
                assertThat(module).contains("MODULE_INFO(" + statement.key() + ", ");
            }
        }
    }

    private static void print(CProgram program, Unit unit) {
        unit.constants().forEach(constant -> printMacro(program, constant.name()));
        unit.enums()
                .forEach(choice ->
                        choice.values().forEach(value -> printMacro(program, choice.name() + "_" + value.name())));
        unit.flags().forEach(set -> {
            set.bits().forEach(flag -> printMacro(program, set.name() + "_" + flag.name()));
            printMacro(program, set.name() + "_known");
        });
        for (Struct struct : unit.structs()) {
            String type = "struct holdfast_" + struct.name();
            program.print(struct.name(), "sizeof(" + type + ")");
            for (Field field : struct.fields()) {
                String key = struct.name() + "." + field.name();
                program.print(key, "offsetof(" + type + ", " + field.name() + ")");
                program.print(key + " size", "sizeof(((" + type + " *)0)->" + field.name() + ")");
            }
        }
        unit.ioctls().forEach(ioctl -> printMacro(program, "ioc_" + ioctl.name()));
    }

    private static void printMacro(CProgram program, String name) {
        program.print(name, "HOLDFAST_" + Names.upper(name));
    }

    private static void addNumbers(Map<String, Long> numbers, Unit unit, CompiledBindings types)
            throws ReflectiveOperationException {
        for (var constant : unit.constants()) {
            String type = Names.pascal(unit.name()) + "Constants";
            numbers.put(constant.name(), types.constant(type, Names.upper(constant.name())));
        }
        for (var choice : unit.enums()) {
            for (var value : choice.values()) {
                numbers.put(
                        choice.name() + "_" + value.name(),
                        types.constant(Names.pascal(choice.name()), Names.upper(value.name())));
            }
        }
        for (var set : unit.flags()) {
            String type = Names.pascal(set.name()) + "Flags";
            for (var flag : set.bits()) {
                numbers.put(set.name() + "_" + flag.name(), types.constant(type, Names.upper(flag.name())));
            }
            numbers.put(set.name() + "_known", types.constant(type, "KNOWN"));
        }
        for (var ioctl : unit.ioctls()) {
            numbers.put("ioc_" + ioctl.name(), types.constant("Ioctls", Names.upper(ioctl.name())));
        }
    }

    private static void addStruct(Map<String, Long> numbers, Struct struct, CompiledBindings types)
            throws ReflectiveOperationException {
        String type = Names.pascal(struct.name()) + (struct.endian() == Endian.LITTLE ? "Layout" : "");
        numbers.put(struct.name(), types.constant(type, "SIZE"));
        for (Field field : struct.fields()) {
            String key = struct.name() + "." + field.name();
            numbers.put(key, types.constant(type, "OFFSET_" + Names.upper(field.name())));
            numbers.put(key + " size", size(field, types.type(type)));
        }
    }

    /** The size of a field: that of the accessor's type, where the type has one. */
    private static long size(Field field, Class<?> type) throws NoSuchMethodException {
        if (!(field.type() instanceof FieldType.Scalar)) {
            return field.type().size();
        }
        Class<?> integer = type.getMethod(Names.camel(field.name())).getReturnType();
        return switch (integer.getName()) {
            case "byte" -> Byte.BYTES;
            case "short" -> Short.BYTES;
            case "int" -> Integer.BYTES;
            case "long" -> Long.BYTES;
            default -> throw new AssertionError(field.name() + " is read as " + integer);
        };
    }
}
