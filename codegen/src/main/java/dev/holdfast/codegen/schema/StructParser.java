// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads structs and checks that every byte of them is named, aligned, and named once. */
final class StructParser {
    private static final Pattern ARRAY = Pattern.compile("(u8|char|struct ([a-z0-9_]+))\\[([1-9][0-9]{0,8})]");
    private static final int MAX_SIZE = 1 << 24;

    private final Scope scope;
    private final NameSpace names = new NameSpace("struct");
    private final Map<String, Struct> known = new LinkedHashMap<>();

    StructParser(Scope scope) {
        this.scope = scope;
    }

    Struct named(YamlValue place, String name) {
        Struct struct = known.get(name);
        if (struct == null) {
            throw place.refuse("unknown struct '" + name + "'; a struct must be defined before it is used");
        }
        return struct;
    }

    Struct parse(YamlValue value) {
        YamlMap map = value.map("a struct", "name", "endian", "size", "doc", "fields");
        String name = names.claim(map.get("name"));
        Endian endian = endian(map.get("endian"));
        scope.types.claim(map.get("name"), Names.pascal(endian == Endian.LITTLE ? name + "_layout" : name));
        scope.macros.claim(map.get("name"), "struct holdfast_" + name);
        int size = map.get("size").integer(1, MAX_SIZE);
        Struct struct = new Struct(name, endian, size, map.doc(), fields(map.get("fields"), name, endian));
        checkSize(map.get("size"), struct);
        known.put(name, struct);
        return struct;
    }

    private List<Field> fields(YamlValue list, String structName, Endian endian) {
        NameSpace fieldNames = new NameSpace("field of struct " + structName);
        List<Field> fields = new ArrayList<>();
        long end = 0;
        for (YamlValue item : list.list()) {
            YamlMap map = item.map("a field", "name", "type", "offset", "doc");
            String name = fieldNames.claim(map.get("name"));
            FieldType type = type(map.get("type"), endian);
            YamlValue place = map.get("offset");
            int offset = place.integer(0, MAX_SIZE);
            checkPlace(place, name, type, offset, end);
            fields.add(new Field(name, type, offset, map.doc()));
            end = (long) offset + type.size();
        }
        if (fields.isEmpty()) {
            throw list.refuse("struct " + structName + " has no fields");
        }
        return fields;
    }

    private static void checkPlace(YamlValue place, String name, FieldType type, int offset, long end) {
        if (offset < end) {
            throw place.refuse("field " + name + " at offset " + offset
                    + " overlaps the one before it, which ends at offset " + end);
        }
        if (offset > end) {
            throw place.refuse("there is a gap of " + (offset - end) + " bytes before field " + name + " at offset "
                    + offset + "; name the padding");
        }
        if (offset % type.alignment() != 0) {
            throw place.refuse("field " + name + " is not aligned: offset " + offset + " is not a multiple of "
                    + type.alignment());
        }
    }

    private static void checkSize(YamlValue place, Struct struct) {
        Field last = struct.fields().get(struct.fields().size() - 1);
        long end = (long) last.offset() + last.type().size();
        if (struct.size() != end) {
            throw place.refuse("struct " + struct.name() + " says that its size is " + struct.size()
                    + ", but its fields end at offset " + end);
        }
        if (struct.size() % struct.alignment() != 0) {
            throw place.refuse("the size of struct " + struct.name() + ", " + struct.size()
                    + ", is not a multiple of its alignment, " + struct.alignment());
        }
    }

    private FieldType type(YamlValue value, Endian endian) {
        String text = value.text();
        var scalar = ScalarType.named(text);
        if (scalar.isPresent()) {
            return new FieldType.Scalar(scalar.get());
        }
        Matcher array = ARRAY.matcher(text);
        if (!array.matches()) {
            throw value.refuse(
                    "unknown type '" + text + "'; known are u8 to u64, s8 to s64, u8[N], char[N] and struct NAME[N]");
        }
        int count = Integer.parseInt(array.group(3));
        FieldType type = switch (array.group(1)) {
            case "u8" -> new FieldType.Bytes(count);
            case "char" -> new FieldType.Text(count);
            default -> structs(value, array.group(2), count, endian);
        };
        return type;
    }

    private FieldType structs(YamlValue value, String name, int count, Endian endian) {
        Struct struct = named(value, name);
        if (struct.endian() != Endian.LITTLE || endian != Endian.LITTLE) {
            throw value.refuse("only little-endian structs hold structs, and only little-endian ones");
        }
        if ((long) struct.size() * count > MAX_SIZE) {
            throw value.refuse("'" + value.text() + "' is larger than " + MAX_SIZE + " bytes");
        }
        return new FieldType.Structs(struct, count);
    }

    private static Endian endian(YamlValue value) {
        return switch (value.text()) {
            case "little" -> Endian.LITTLE;
            case "native" -> Endian.NATIVE;
            default -> throw value.refuse("unknown byte order '" + value.text() + "'; known are little, native");
        };
    }
}
