// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AbiLockTest {
    private static final String RELEASED = """
            unit: zoo
            doc: Animals.
            constants:
              - {name: cages, type: u32, value: 0x10, doc: Cages.}
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
            modinfo:
              - {name: moods, states: mood, doc: Moods.}
            structs:
              - name: cage
                endian: little
                size: 24
                doc: A cage.
                fields:
                  - {name: number, type: u32, offset: 0, doc: Number.}
                  - {name: reserved, type: "u8[12]", offset: 4, doc: Zero.}
                  - {name: weight, type: u64, offset: 16, doc: "Weight, in grams."}
              - name: house
                endian: little
                size: 48
                doc: A house.
                fields:
                  - {name: cages, type: "struct cage[2]", offset: 0, doc: Cages.}
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
                - {name: look, number: 1, direction: read, struct: feed, doc: Look.}
            errors:
              - {name: closed, errno: EAGAIN, doc: Closed., hint: come back}
            """;

    private static final String LINES = """
            constant cages = u32 16
            enum animal = u8
            value animal.lion = 0
            value animal.bear = 1
            flags mood = u32
            flag mood.hungry = bit 0
            modinfo moods = holdfast_moods
            struct cage = little-endian, size 24
            field cage.number = u32, offset 0, size 4
            field cage.reserved = u8[12], offset 4, size 12
            field cage.weight = u64, offset 16, size 8
            struct house = little-endian, size 48
            field house.cages = struct cage[2], offset 0, size 48
            struct feed = native-endian, size 8
            field feed.size = u32, offset 0, size 4
            field feed.amount = u32, offset 4, size 4
            ioctl look = read, struct feed, request 0x8008b701
            error closed = EAGAIN
            """;

    private final AbiLock released = lock(RELEASED);

    @Test
    void saysEverythingThatIsReliedOn() {
        assertThat(released.text()).endsWith("do not edit.\n" + LINES);
        assertThat(AbiLock.parse("lock", released.text())).isEqualTo(released);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            value: 0x10                       | value: 0x11                       | constant cages was released as 'u32 16' and is now 'u32 17'
            cages, type: u32                  | cages, type: u64                  | constant cages was released as 'u32 16' and is now 'u64 16'
            name: animal\\n    type: u8       | name: animal\\n    type: u16      | enum animal was released as 'u8' and is now 'u16'
            bear, value: 1                    | bear, value: 2                    | value animal.bear was released as '1' and is now '2'
            name: bear                        | name: wolf                        | value animal.bear was released as '1' and is gone
            name: mood\\n    type: u32        | name: mood\\n    type: u64        | flags mood was released as 'u32' and is now 'u64'
            hungry, bit: 0                    | hungry, bit: 1                    | flag mood.hungry was released as 'bit 0' and is now 'bit 1'
            name: hungry                      | name: tired                       | flag mood.hungry was released as 'bit 0' and is gone
            name: moods                       | name: tempers                     | modinfo moods was released as 'holdfast_moods' and is gone
            weight, type: u64                 | weight, type: s64                 | field cage.weight was released as 'u64, offset 16, size 8' and is now 's64, offset 16, size 8'
            weight, type: u64                 | weight, type: "u8[8]"             | field cage.weight was released as 'u64, offset 16, size 8' and is now 'u8[8], offset 16, size 8'
            name: weight                      | name: mass                        | field cage.weight was released as 'u64, offset 16, size 8' and is gone
            name: weight                      | name: reserved_b                  | field cage.weight was released as 'u64, offset 16, size 8' and is gone
            direction: read                   | direction: write                  | ioctl look was released as 'read, struct feed, request 0x8008b701' and is now 'write, struct feed, request 0x4008b701'
            look, number: 1                   | look, number: 2                   | ioctl look was released as 'read, struct feed, request 0x8008b701' and is now 'read, struct feed, request 0x8008b702'
            magic: 0xb7                       | magic: 0xb8                       | ioctl look was released as 'read, struct feed, request 0x8008b701' and is now 'read, struct feed, request 0x8008b801'
            EAGAIN                            | EBUSY                             | error closed was released as 'EAGAIN' and is now 'EBUSY'
            """)
    void noticesEveryKindOfChange(String from, String to, String message) {
        assertThat(released.brokenBy(lock(edited(from, to)))).containsExactly(message);
    }

    @Test
    void noticesAnotherByteOrder() {
        String swapped =
                RELEASED.replace("endian: little", "endian: native").replace("\"struct cage[2]\"", "\"u8[48]\"");

        assertThat(released.brokenBy(lock(swapped)))
                .contains("struct cage was released as 'little-endian, size 24' and is now 'native-endian, size 24'");
    }

    @Test
    void noticesAFieldThatIsMovedAndAStructThatGrows() {
        String moved = RELEASED.replace("{name: weight, type: u64, offset: 16", "{name: weight, type: u64, offset: 24")
                .replace("{name: reserved, type: \"u8[12]\"", "{name: reserved, type: \"u8[20]\"")
                .replace("size: 24", "size: 32")
                .replace("size: 48", "size: 64");

        assertThat(released.brokenBy(lock(moved)))
                .startsWith(
                        "struct cage was released as 'little-endian, size 24' and is now 'little-endian, size 32'",
                        "field cage.weight was released as 'u64, offset 16, size 8' and is now 'u64, offset 24, size 8'");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {name: reserved, type: "u8[12]", offset: 4, | {name: age, type: u32, offset: 4, doc: Age.}\\n      - {name: reserved, type: "u8[8]", offset: 8, | field cage.age
            {name: reserved, type: "u8[12]", offset: 4, | {name: names, type: "char[12]", offset: 4, | field cage.names
            - {name: bear,                              | - {name: wolf, value: 2, doc: A wolf.}\\n      - {name: bear, | value animal.wolf
            - {name: hungry,                            | - {name: tired, bit: 1, doc: Tired.}\\n      - {name: hungry, | flag mood.tired
            - {name: cages, type: u32                   | - {name: doors, type: u32, value: 2, doc: Doors.}\\n  - {name: cages, type: u32 | constant doors
            - {name: look,                              | - {name: feed, number: 0, direction: write, struct: feed, doc: Feed.}\\n    - {name: look, | ioctl feed
            - {name: closed,                            | - {name: full, errno: ENOSPC, doc: Full., hint: go}\\n  - {name: closed, | error full
            """)
    void letsNewThingsComeBesideTheReleasedOnes(String from, String to, String added) {
        AbiLock now = lock(edited(from, to));

        assertThat(released.brokenBy(now)).isEmpty();
        assertThat(released.addedBy(now)).containsExactly(added);
        assertThat(now.brokenBy(released)).singleElement().asString().startsWith(added + " was released as ");
    }

    @Test
    void isNotConcernedWithProse() {
        assertThat(lock(edited("doc: A lion.", "doc: A large cat."))).isEqualTo(released);
        assertThat(lock(edited("unit: zoo", "unit: park"))).isEqualTo(released);
    }

    @Test
    void refusesALineThatIsNone() {
        assertThatThrownBy(() -> AbiLock.parse("abi/lock", "# lock\n" + LINES + "<<<<<<< HEAD\n"))
                .isInstanceOf(CodegenException.class)
                .hasMessage("abi/lock:20: not a line of a lock, or the second of its name; take the file back from"
                        + " version control");
        assertThatThrownBy(() -> AbiLock.parse("abi/lock", LINES + "error closed = EBUSY\n"))
                .hasMessageStartingWith("abi/lock:19: ");
    }

    @Test
    void theSchemaKeepsAllThatIsReleased() throws IOException {
        String file = TextTree.ofResources("abi").files().get(AbiLock.FILE);

        assertThat(AbiLock.parse(AbiLock.FILE, String.valueOf(file)).brokenBy(AbiLock.of(SchemaParser.packed())))
                .isEmpty();
    }

    private static String edited(String from, String to) {
        assertThat(RELEASED).contains(from.replace("\\n", "\n"));
        return RELEASED.replace(from.replace("\\n", "\n"), to.replace("\\n", "\n"));
    }

    private static AbiLock lock(String schema) {
        return AbiLock.of(SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("zoo.yaml", schema))), ""));
    }
}
