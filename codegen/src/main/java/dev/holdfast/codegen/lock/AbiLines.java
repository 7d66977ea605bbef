// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.lock;

import dev.holdfast.codegen.schema.Constant;
import dev.holdfast.codegen.schema.EnumType;
import dev.holdfast.codegen.schema.FlagSet;
import dev.holdfast.codegen.schema.Ioctl;
import dev.holdfast.codegen.schema.Schema;
import dev.holdfast.codegen.schema.Struct;
import dev.holdfast.codegen.schema.Unit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A schema without its prose: for each thing that memory, modules and programs out there rely on, its name and how it
 * is. Units are left out, so that a thing may be moved from one file of the schema to another.
 */
final class AbiLines {
    private static final String FIELD = "field ";

    private final Map<String, String> lines = new LinkedHashMap<>();

    private AbiLines() {}

    static Map<String, String> of(Schema schema) {
        AbiLines lines = new AbiLines();
        schema.units().forEach(lines::unit);
        return lines.lines;
    }

    /** Whether a line is about bytes that have no meaning yet. */
    static boolean isReserved(String name) {
        return name.startsWith(FIELD) && name.contains(".reserved");
    }

    private void unit(Unit unit) {
        unit.constants().forEach(this::constant);
        unit.enums().forEach(this::enumType);
        unit.flags().forEach(this::flagSet);
        // Only the keys: what they state follows from flags, which may be added.
        unit.modinfo().forEach(statement -> put("modinfo " + statement.name(), statement.key()));
        unit.structs().forEach(this::struct);
        unit.ioctls().forEach(this::ioctl);
        unit.errors()
                .forEach(error -> put("error " + error.name(), error.errno().name()));
    }

    private void constant(Constant constant) {
        put("constant " + constant.name(), constant.type().schemaName() + " " + constant.value());
    }

    private void enumType(EnumType type) {
        put("enum " + type.name(), type.type().schemaName());
        type.values()
                .forEach(value -> put(
                        "value " + type.name() + "." + value.name(),
                        value.value().toString()));
    }

    private void flagSet(FlagSet flags) {
        put("flags " + flags.name(), flags.type().schemaName());
        flags.bits().forEach(flag -> put("flag " + flags.name() + "." + flag.name(), "bit " + flag.bit()));
    }

    private void struct(Struct struct) {
        put("struct " + struct.name(), lower(struct.endian()) + "-endian, size " + struct.size());
        struct.fields()
                .forEach(field -> put(
                        FIELD + struct.name() + "." + field.name(),
                        "%s, offset %d, size %d"
                                .formatted(
                                        field.type().schemaName(),
                                        field.offset(),
                                        field.type().size())));
    }

    private void ioctl(Ioctl ioctl) {
        put(
                "ioctl " + ioctl.name(),
                "%s, struct %s, request 0x%08x"
                        .formatted(lower(ioctl.direction()), ioctl.struct().name(), ioctl.request()));
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private void put(String name, String is) {
        lines.put(name, is);
    }
}
