// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.TextTree;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaParserTest {

    /** A schema that is right; each test of a bad one changes a single place in it. */
    private static final String GOOD = """
            unit: zoo
            doc: Animals.
            constants:
              - {name: cages, type: u32, value: 4096, doc: Cages.}
              - {name: open, type: u64, value: 0xff, doc: Opening.}
            enums:
              - name: animal
                type: u8
                doc: An animal.
                values:
                  - {name: lion, value: 0, doc: A lion.}
                  - {name: bear, value: 1, doc: A bear.}
            flags:
              - name: mood
                type: u32
                doc: A mood.
                bits:
                  - {name: hungry, bit: 0, doc: Hungry.}
                  - {name: tired, bit: 31, doc: Tired.}
            structs:
              - name: cage
                endian: little
                size: 16
                doc: A cage.
                fields:
                  - {name: number, type: u32, offset: 0, doc: Number.}
                  - {name: mood, type: u16, offset: 4, doc: Mood.}
                  - {name: padding, type: "u8[2]", offset: 6, doc: Zero.}
                  - {name: weight, type: s64, offset: 8, doc: "Weight, in grams."}
              - name: house
                endian: little
                size: 40
                doc: A house.
                fields:
                  - {name: label, type: "char[8]", offset: 0, doc: Label.}
                  - {name: cages, type: "struct cage[2]", offset: 8, doc: Cages.}
              - name: feed
                endian: native
                size: 8
                doc: Food.
                fields:
                  - {name: size, type: u32, offset: 0, doc: Size.}
                  - {name: amount, type: u32, offset: 4, doc: Amount.}
            ioctls:
              magic: 0xb7
              list:
                - {name: feed, number: 0, direction: write, struct: feed, doc: Feed.}
                - {name: look, number: 1, direction: read, struct: feed, doc: Look.}
            errors:
              - {name: closed, errno: EAGAIN, doc: Closed., hint: come back}
              - {name: full, errno: ENOSPC, doc: Full., hint: go away}
            modinfo:
              - {name: room, states: cages, doc: Cages.}
              - {name: moods, states: mood, doc: Moods.}
            """;

    @Test
    void readsEverythingThatIsWritten() {
        Unit zoo = parse(GOOD).unit("zoo");

        assertThat(zoo.constants())
                .containsExactly(
                        new Constant("cages", ScalarType.U32, BigInteger.valueOf(4096), false, "Cages."),
                        new Constant("open", ScalarType.U64, BigInteger.valueOf(255), true, "Opening."));
        assertThat(zoo.enums().get(0).values())
                .containsExactly(
                        new EnumType.Value("lion", BigInteger.ZERO, "A lion."),
                        new EnumType.Value("bear", BigInteger.ONE, "A bear."));
        assertThat(zoo.flags().get(0).known()).isEqualTo(new BigInteger("80000001", 16));
        Struct cage = zoo.structs().get(0);
        assertThat(cage.fields())
                .containsExactly(
                        new Field("number", new FieldType.Scalar(ScalarType.U32), 0, "Number."),
                        new Field("mood", new FieldType.Scalar(ScalarType.U16), 4, "Mood."),
                        new Field("padding", new FieldType.Bytes(2), 6, "Zero."),
                        new Field("weight", new FieldType.Scalar(ScalarType.S64), 8, "Weight, in grams."));
        assertThat(zoo.structs().get(1).fields())
                .extracting(Field::type)
                .containsExactly(new FieldType.Text(8), new FieldType.Structs(cage, 2));
        assertThat(zoo.ioctls()).extracting(Ioctl::request).containsExactly(0x4008b700L, 0x8008b701L);
        assertThat(zoo.modinfo())
                .containsExactly(
                        new ModuleStatement("room", "4096", "Cages."),
                        new ModuleStatement("moods", "0x80000001", "Moods."));
        assertThat(zoo.errors()).extracting(ErrorMeaning::errno).containsExactly(Errno.EAGAIN, Errno.ENOSPC);
    }

    @ParameterizedTest(name = "{3}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            offset: 4, doc: Mood       | offset: 2, doc: Mood       | 27 | field mood at offset 2 overlaps the one before it, which ends at offset 4
            offset: 4, doc: Mood       | offset: 6, doc: Mood       | 27 | there is a gap of 2 bytes before field mood at offset 6; name the padding
            u8[2]", offset: 6          | u8[1]", offset: 6          | 29 | there is a gap of 1 bytes before field weight at offset 8; name the padding
            mood, type: u16, offset: 4 | mood, type: u64, offset: 4 | 27 | field mood is not aligned: offset 4 is not a multiple of 8
            size: 16                   | size: 24                   | 23 | struct cage says that its size is 24, but its fields end at offset 16
            size: 16                   | size: 15                   | 23 | struct cage says that its size is 15, but its fields end at offset 16
            size: 16                   | size: 0                    | 23 | 0 is not from 1 to 16777216
            mood, type: u16            | mood, type: u17            | 27 | unknown type 'u17'; known are u8 to u64, s8 to s64, u8[N], char[N] and struct NAME[N]
            mood, type: u16            | mood, type: "u16[2]"       | 27 | unknown type 'u16[2]'; known are u8 to u64, s8 to s64, u8[N], char[N] and struct NAME[N]
            "u8[2]"                    | "u8[0]"                    | 28 | unknown type 'u8[0]'; known are u8 to u64, s8 to s64, u8[N], char[N] and struct NAME[N]
            struct cage[2]             | struct cave[2]             | 36 | unknown struct 'cave'; a struct must be defined before it is used
            struct cage[2]             | struct house[2]            | 36 | unknown struct 'house'; a struct must be defined before it is used
            endian: native             | endian: big                | 38 | unknown byte order 'big'; known are little, native
            amount, type: u32, offset  | amount, type: "struct cage[1]", offset | 43 | only little-endian structs hold structs, and only little-endian ones
            name: mood, type: u16      | name: number, type: u16    | 27 | duplicate field of struct cage 'number', first at zoo.yaml:26
            name: house                | name: cage                 | 30 | duplicate struct 'cage', first at zoo.yaml:21
            name: open                 | name: cages                | 5  | duplicate constant 'cages', first at zoo.yaml:4
            name: open                 | name: animal_bear          | 12 | duplicate C name 'HOLDFAST_ANIMAL_BEAR', first at zoo.yaml:5
            name: bear                 | name: lion                 | 12 | duplicate enum value 'lion', first at zoo.yaml:11
            name: tired                | name: hungry               | 19 | duplicate flag 'hungry', first at zoo.yaml:18
            name: tired                | name: known                | 19 | duplicate C name 'HOLDFAST_MOOD_KNOWN', first at zoo.yaml:14
            name: look                 | name: feed                 | 48 | duplicate ioctl 'feed', first at zoo.yaml:47
            name: full                 | name: closed               | 51 | duplicate error 'closed', first at zoo.yaml:50
            name: feed\\n    endian    | name: animal\\n    endian  | 37 | duplicate Java type 'Animal', first at zoo.yaml:7
            name: animal               | name: errno                | 7  | Java type 'Errno' cannot be used: generated code has one already
            name: animal               | name: string               | 7  | Java type 'String' cannot be used: generated code has one already
            name: open                 | name: Open                 | 5  | 'Open' is no name: use lower-case letters, digits and single underscores
            name: number, type         | name: class, type          | 26 | 'class' cannot be a name: C or Java uses it already
            name: number, type         | name: hash_code, type      | 26 | 'hash_code' cannot be a name: C or Java uses it already
            number: 1, direction       | number: 0, direction       | 48 | duplicate ioctl number '0 of magic 0xb7', first at zoo.yaml:47
            number: 1, direction       | number: 256, direction     | 48 | 256 is not from 0 to 255
            magic: 0xb7                | magic: 0x100               | 45 | 256 is not from 0 to 255
            direction: read,           | direction: up,             | 48 | unknown direction 'up'; known are write, read, read_write
            read, struct: feed         | read, struct: food         | 48 | unknown struct 'food'; a struct must be defined before it is used
            read, struct: feed         | read, struct: cage         | 48 | the struct of an ioctl must be native-endian, cage is not
            bear, value: 1             | bear, value: 0             | 12 | duplicate number of enum animal '0', first at zoo.yaml:11
            bear, value: 1             | bear, value: 256           | 12 | 256 does not fit u8
            bear, value: 1             | bear, value: -1            | 12 | -1 does not fit u8
            bit: 31                    | bit: 32                    | 19 | 32 is not from 0 to 31
            bit: 31                    | bit: 0                     | 19 | duplicate bit of flags mood '0', first at zoo.yaml:18
            type: u32, value: 4096     | type: u8, value: 4096      | 4  | 4096 does not fit u8
            type: u32, value: 4096     | type: u33, value: 4096     | 4  | unknown integer type 'u33'
            value: 4096                | value: many                | 4  | expected an integer, decimal or 0x hexadecimal
            value: 4096                | value: "4096"              | 4  | expected an integer, decimal or 0x hexadecimal
            value: 4096                | value: 010                 | 4  | expected an integer, decimal or 0x hexadecimal
            value: 4096, doc: Cages.   | value: 4096                | 4  | a constant lacks the key 'doc'
            value: 4096, doc: Cages.   | value: 4096, doc: ""       | 4  | expected text
            value: 4096, doc: Cages.   | value: 4096, doc: "a */ b" | 4  | 'doc' must not contain '*/': it becomes a comment
            value: 4096                | value: 4096, unit: bytes   | 4  | unknown key 'unit' in a constant; known are name, type, value, doc
            value: 4096                | value: 4096, value: 4096   | 4  | key 'value' twice in a constant
            errno: EAGAIN              | errno: EWHAT               | 50 | unknown errno 'EWHAT'
            errno: EAGAIN              | errno: ENOSPC              | 51 | duplicate errno 'ENOSPC', first at zoo.yaml:50
            states: mood               | states: moon               | 54 | no constant and no flags 'moon' in this unit
            name: moods                | name: room                 | 54 | duplicate statement 'room', first at zoo.yaml:53
            constants:                 | constant:                  | 3  | unknown key 'constant' in a unit; known are unit, doc, constants, enums, flags, modinfo, structs, ioctls, errors
            doc: Animals.              | doc: [Animals.]            | 2  | expected text
            doc: Animals.              | doc: {Animals.             | 3  | not YAML: expected ',' or '}', but got :
            """)
    void refusesABadSchemaWithFileAndLine(String from, String to, int line, String message) {
        String bad = GOOD.replaceFirst(
                Pattern.quote(from.replace("\\n", "\n")), Matcher.quoteReplacement(to.replace("\\n", "\n")));
        assertThat(bad).isNotEqualTo(GOOD);

        assertThatThrownBy(() -> parse(bad))
                .isInstanceOf(SchemaException.class)
                .hasMessage("zoo.yaml:" + line + ": " + message);
    }

    @Test
    void refusesAStructWhoseSizeIsNoMultipleOfItsAlignment() {
        String bad = """
                unit: zoo
                doc: Animals.
                structs:
                  - name: cage
                    endian: little
                    size: 12
                    doc: A cage.
                    fields:
                      - {name: weight, type: u64, offset: 0, doc: Weight.}
                      - {name: number, type: u32, offset: 8, doc: Number.}
                """;

        assertThatThrownBy(() -> parse(bad))
                .hasMessage("zoo.yaml:6: the size of struct cage, 12, is not a multiple of its alignment, 8");
    }

    @Test
    void refusesTheSameIoctlNumberInTwoUnits() {
        String other = GOOD.replace("unit: zoo", "unit: farm")
                .replaceAll("(?s)constants:.*structs:", "structs:")
                .replaceAll("(?s)modinfo:.*", "")
                .replaceAll("name: (cage|house|feed|look|closed|full)", "name: farm_$1")
                .replaceAll("struct: feed", "struct: farm_feed")
                .replace("struct cage[2]", "struct farm_cage[2]");

        assertThatThrownBy(() ->
                        SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("a.yaml", GOOD, "b.yaml", other))), ""))
                .isInstanceOf(SchemaException.class)
                .hasMessage("b.yaml:30: duplicate ioctl number '0 of magic 0xb7', first at a.yaml:47");
    }

    @Test
    void refusesAnEmptyFileAndAnEmptyFolder() {
        assertThatThrownBy(() -> parse("# nothing\n")).hasMessage("zoo.yaml:1: the file is empty; it must hold a unit");
        assertThatThrownBy(() -> SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("README", "text"))), "dir/"))
                .isInstanceOf(CodegenException.class)
                .hasMessage("the schema dir/ has no *.yaml file");
    }

    @Test
    void hashChangesWithEveryByteAndWithTheName() {
        String hash = parse(GOOD).sha256();

        assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(parse(GOOD).sha256());
        assertThat(parse(GOOD + "\n").sha256()).isNotEqualTo(hash);
        assertThat(SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("b.yaml", GOOD))), "")
                        .sha256())
                .isNotEqualTo(hash);
    }

    private static Schema parse(String text) {
        return SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("zoo.yaml", text))), "");
    }
}
