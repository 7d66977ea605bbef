// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one file of the schema. */
final class UnitParser {
    private static final BigInteger MAX_ENUM_VALUE = BigInteger.valueOf(Integer.MAX_VALUE);

    private final Scope scope;
    private final NameSpace constants = new NameSpace("constant");
    private final NameSpace enums = new NameSpace("enum");
    private final NameSpace flagSets = new NameSpace("flags");
    private final NameSpace ioctls = new NameSpace("ioctl");
    private final StructParser structs;

    UnitParser(Scope scope) {
        this.scope = scope;
        this.structs = new StructParser(scope);
    }

    Unit parse(YamlValue value) {
        YamlMap unit = value.map(
                "a unit", "unit", "doc", "constants", "enums", "flags", "modinfo", "structs", "ioctls", "errors");
        String name = scope.units.claim(unit.get("unit"));
        String doc = unit.doc();
        claimType(unit.get("unit"), name + "_constants");
        claimType(unit.get("unit"), name + "_modinfo");
        List<Constant> numbers =
                unit.list("constants").stream().map(this::constant).toList();
        List<FlagSet> sets = unit.list("flags").stream().map(this::flagSet).toList();
        return new Unit(
                name,
                doc,
                numbers,
                unit.list("enums").stream().map(this::enumType).toList(),
                sets,
                unit.list("modinfo").stream()
                        .map(item -> statement(item, numbers, sets))
                        .toList(),
                unit.list("structs").stream().map(structs::parse).toList(),
                unit.find("ioctls").map(this::ioctls).orElse(List.of()),
                unit.list("errors").stream().map(this::error).toList());
    }

    private Constant constant(YamlValue value) {
        YamlMap map = value.map("a constant", "name", "type", "value", "doc");
        String name = constants.claim(map.get("name"));
        claimMacro(map.get("name"), name);
        ScalarType type = map.scalarType("type");
        YamlValue number = map.get("value");
        return new Constant(name, type, fitting(number, type), number.isHexadecimal(), map.doc());
    }

    private EnumType enumType(YamlValue value) {
        YamlMap map = value.map("an enum", "name", "type", "doc", "values");
        String name = enums.claim(map.get("name"));
        claimType(map.get("name"), name);
        ScalarType type = map.scalarType("type");
        NameSpace names = new NameSpace("enum value");
        NameSpace numbers = new NameSpace("number of enum " + name);
        List<EnumType.Value> values = new ArrayList<>();
        for (YamlValue item : map.get("values").list()) {
            YamlMap choice = item.map("an enum value", "name", "value", "doc");
            String choiceName = names.claim(choice.get("name"));
            claimMacro(choice.get("name"), name + "_" + choiceName);
            YamlValue place = choice.get("value");
            BigInteger number = fitting(place, type);
            if (number.compareTo(MAX_ENUM_VALUE) > 0) {
                throw place.refuse(number + " does not fit an enum of C, which is an int");
            }
            numbers.claim(place, number.toString());
            values.add(new EnumType.Value(choiceName, number, choice.doc()));
        }
        if (values.isEmpty()) {
            throw map.get("values").refuse("enum " + name + " has no values");
        }
        return new EnumType(name, type, map.doc(), values);
    }

    private FlagSet flagSet(YamlValue value) {
        YamlMap map = value.map("flags", "name", "type", "doc", "bits");
        String name = flagSets.claim(map.get("name"));
        claimType(map.get("name"), name + "_flags");
        claimMacro(map.get("name"), name + "_known");
        YamlValue typePlace = map.get("type");
        ScalarType type = map.scalarType("type");
        if (type.signed()) {
            throw typePlace.refuse("flags must be of an unsigned type, not " + type.schemaName());
        }
        NameSpace names = new NameSpace("flag");
        NameSpace bits = new NameSpace("bit of flags " + name);
        List<FlagSet.Flag> flags = new ArrayList<>();
        for (YamlValue item : map.get("bits").list()) {
            YamlMap flag = item.map("a flag", "name", "bit", "doc");
            String flagName = names.claim(flag.get("name"));
            claimMacro(flag.get("name"), name + "_" + flagName);
            int bit = flag.get("bit").integer(0, type.bits() - 1);
            bits.claim(flag.get("bit"), String.valueOf(bit));
            flags.add(new FlagSet.Flag(flagName, bit, flag.doc()));
        }
        return new FlagSet(name, type, map.doc(), flags);
    }

    private ModuleStatement statement(YamlValue value, List<Constant> numbers, List<FlagSet> sets) {
        YamlMap map = value.map("a statement of the modinfo", "name", "states", "doc");
        String name = scope.statements.claim(map.get("name"));
        YamlValue subject = map.get("states");
        String stated = Stream.concat(
                        numbers.stream()
                                .filter(constant -> constant.name().equals(subject.text()))
                                .map(constant -> constant.value().toString()),
                        sets.stream()
                                .filter(set -> set.name().equals(subject.text()))
                                .map(set -> "0x" + set.known().toString(16)))
                .findFirst()
                .orElseThrow(() -> subject.refuse("no constant and no flags '" + subject.text() + "' in this unit"));
        return new ModuleStatement(name, stated, map.doc());
    }

    private List<Ioctl> ioctls(YamlValue value) {
        YamlMap map = value.map("ioctls", "magic", "list");
        int magic = map.get("magic").integer(0, 0xff);
        return map.get("list").list().stream().map(item -> ioctl(magic, item)).toList();
    }

    private Ioctl ioctl(int magic, YamlValue value) {
        YamlMap map = value.map("an ioctl", "name", "number", "direction", "struct", "doc");
        String name = ioctls.claim(map.get("name"));
        claimMacro(map.get("name"), "ioc_" + name);
        int number = map.get("number").integer(0, 0xff);
        scope.ioctlNumbers.claim(map.get("number"), number + " of magic 0x" + Integer.toHexString(magic));
        YamlValue structName = map.get("struct");
        Struct struct = structs.named(structName, structName.text());
        if (struct.endian() != Endian.NATIVE) {
            throw structName.refuse("the struct of an ioctl must be native-endian, " + struct.name() + " is not");
        }
        if (struct.size() > Ioctl.MAX_STRUCT_SIZE) {
            throw structName.refuse("struct " + struct.name() + " is larger than the " + Ioctl.MAX_STRUCT_SIZE
                    + " bytes that an ioctl number can say");
        }
        return new Ioctl(name, magic, number, direction(map.get("direction")), struct, map.doc());
    }

    private static Ioctl.Direction direction(YamlValue value) {
        return switch (value.text()) {
            case "write" -> Ioctl.Direction.WRITE;
            case "read" -> Ioctl.Direction.READ;
            case "read_write" -> Ioctl.Direction.READ_WRITE;
            default ->
                throw value.refuse("unknown direction '" + value.text() + "'; known are write, read, read_write");
        };
    }

    private ErrorMeaning error(YamlValue value) {
        YamlMap map = value.map("an error", "name", "errno", "doc", "hint");
        String name = scope.errors.claim(map.get("name"));
        YamlValue place = map.get("errno");
        Optional<Errno> errno = Errno.named(place.text());
        if (errno.isEmpty()) {
            throw place.refuse("unknown errno '" + place.text() + "'");
        }
        scope.errnos.claim(place, place.text());
        return new ErrorMeaning(name, errno.get(), map.doc(), map.comment("hint"));
    }

    private static BigInteger fitting(YamlValue place, ScalarType type) {
        BigInteger value = place.integer();
        if (!type.holds(value)) {
            throw place.refuse(value + " does not fit " + type.schemaName());
        }
        return value;
    }

    private void claimMacro(YamlValue place, String name) {
        scope.macros.claim(place, "HOLDFAST_" + Names.upper(name));
    }

    private void claimType(YamlValue place, String name) {
        scope.types.claim(place, Names.pascal(name));
    }
}
