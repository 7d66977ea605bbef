// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.bindings.Bindings;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.schema.SchemaParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the generated types do. */
final class GeneratedTypesTest {
    private static final String SCHEMA = """
            unit: zoo
            doc: Animals & <more> @home.
            errors:
              - {name: closed, errno: EAGAIN, doc: Closed., hint: come back}
            structs:
              - name: cage
                endian: little
                size: 8
                doc: A cage.
                fields:
                  - {name: number, type: u32, offset: 0, doc: "Number, 5 $ a piece."}
                  - {name: mood, type: s16, offset: 4, doc: Mood.}
                  - {name: doors, type: u8, offset: 6, doc: Doors.}
                  - {name: padding, type: u8, offset: 7, doc: Zero.}
              - name: house
                endian: little
                size: 40
                doc: A house.
                fields:
                  - {name: key, type: u64, offset: 0, doc: Key.}
                  - {name: label, type: "char[8]", offset: 8, doc: Label.}
                  - {name: cages, type: "struct cage[2]", offset: 16, doc: Cages.}
                  - {name: uuid, type: "u8[8]", offset: 32, doc: Identity.}
              - name: feed
                endian: native
                size: 16
                doc: Food.
                fields:
                  - {name: size, type: u32, offset: 0, doc: Size.}
                  - {name: amount, type: u32, offset: 4, doc: Amount.}
                  - {name: label, type: "char[8]", offset: 8, doc: Label.}
            """;

    @TempDir
    Path folder;

    private CompiledBindings types;

    @BeforeEach
    void compile() throws IOException {
        var schema = SchemaParser.parse(new TextTree(new TreeMap<>(Map.of("zoo.yaml", SCHEMA))), "");
        types = CompiledBindings.of(Bindings.of(schema, new Tool("holdfast-codegen", "test")), folder);
    }

    @AfterEach
    void close() throws IOException {
        types.close();
    }

    @Test
    void aLayoutWritesLittleEndianAtItsPosition() throws ReflectiveOperationException {
        ByteBuffer buffer = ByteBuffer.allocate(48).order(ByteOrder.BIG_ENDIAN).position(3);
        Object house = layout("HouseLayout", buffer, 8);

        set(house, "key", long.class, 0x1122334455667788L);
        Object cage = house.getClass().getMethod("cages", int.class).invoke(house, 1);
        set(cage, "number", int.class, 0xfffefdfc);
        set(cage, "mood", short.class, (short) -2);
        set(cage, "doors", byte.class, (byte) 0x7f);

        byte[] bytes = buffer.array();
        assertThat(bytes).startsWith(new byte[8]);
        assertThat(ByteBuffer.wrap(bytes, 8, 8).slice()).isEqualTo(hex("8877665544332211"));
        assertThat(ByteBuffer.wrap(bytes, 32, 8).slice()).isEqualTo(hex("fcfdfefffeff7f00"));
        assertThat(get(house, "key")).isEqualTo(0x1122334455667788L);
        assertThat(get(cage, "number")).isEqualTo(0xfffefdfc);
        assertThat(get(cage, "mood")).isEqualTo((short) -2);
        assertThat(get(cage, "doors")).isEqualTo((byte) 0x7f);
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void aLayoutRefusesWhatDoesNotFit() throws ReflectiveOperationException {
        Object house = layout("HouseLayout", ByteBuffer.allocate(40), 0);

        assertThatThrownBy(() -> layout("HouseLayout", ByteBuffer.allocate(40), 1))
                .cause()
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> layout("HouseLayout", ByteBuffer.allocate(40), -1))
                .cause()
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> house.getClass().getMethod("cages", int.class).invoke(house, 2))
                .cause()
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> set(house, "uuid", byte[].class, new byte[7]))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uuid is 8 bytes long, not 7");
    }

    @Test
    void textIsPaddedAndEndsAtTheFirstZero() throws ReflectiveOperationException {
        ByteBuffer buffer = ByteBuffer.allocate(40);
        Object house = layout("HouseLayout", buffer, 0);

        set(house, "label", String.class, "äöü7");
        assertThat(get(house, "label")).isEqualTo("äöü7");
        set(house, "label", String.class, "ab");
        assertThat(buffer.slice(8, 8)).isEqualTo(hex("6162000000000000"));
        buffer.put(8, "12345678".getBytes(StandardCharsets.US_ASCII));
        assertThat(get(house, "label")).isEqualTo("12345678");

        assertThatThrownBy(() -> set(house, "label", String.class, "äöü78"))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label holds at most 7 bytes of UTF-8, not 8");
        assertThatThrownBy(() -> set(house, "label", String.class, "a\0b"))
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label must not contain a zero");
        assertThat(get(house, "label")).isEqualTo("12345678");
    }

    @Test
    void bytesAreCopies() throws ReflectiveOperationException {
        Object house = layout("HouseLayout", ByteBuffer.allocate(40), 0);
        byte[] uuid = {1, 2, 3, 4, 5, 6, 7, 8};
        set(house, "uuid", byte[].class, uuid);
        uuid[0] = 9;

        assertThat(get(house, "uuid")).isEqualTo(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    }

    @Test
    void aNativeStructIsZeroButForItsSize() throws Exception {
        Object feed = types.type("Feed").getConstructor().newInstance();

        assertThat(get(feed, "size")).isEqualTo(16);
        assertThat(get(feed, "amount")).isEqualTo(0);
        set(feed, "amount", int.class, 7);
        set(feed, "label", String.class, "hay");
        Pointer pointer = (Pointer) get(feed, "pointer");
        assertThat(pointer.getInt(0)).isEqualTo(16);
        assertThat(pointer.getInt(4)).isEqualTo(7);
        assertThat(pointer.getString(8)).isEqualTo("hay");
        ((AutoCloseable) feed).close();
    }

    @Test
    void aClosedNativeStructRefusesToBeUsed() throws Exception {
        Object feed = types.type("Feed").getConstructor().newInstance();
        ((AutoCloseable) feed).close();
        ((AutoCloseable) feed).close();

        for (String name : new String[] {"amount", "label", "pointer"}) {
            assertThatThrownBy(() -> get(feed, name))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Feed is closed");
        }
        assertThatThrownBy(() -> set(feed, "amount", int.class, 1)).cause().hasMessage("Feed is closed");
    }

    @Test
    void anErrnoHasTheMeaningThatTheSchemaGives() throws ReflectiveOperationException {
        Class<?> errno = types.type("Errno");
        Optional<?> again = (Optional<?>) errno.getMethod("of", int.class).invoke(null, 11);
        Class<?> meanings = types.type("ErrorMeaning");
        Object meaning =
                ((Optional<?>) meanings.getMethod("of", errno).invoke(null, again.orElseThrow())).orElseThrow();

        assertThat(again.map(Object::toString)).contains("EAGAIN");
        assertThat(meaning).hasToString("CLOSED");
        assertThat(get(meaning, "doc")).isEqualTo("Closed.");
        assertThat(get(meaning, "hint")).isEqualTo("come back");
        assertThat((Optional<?>) errno.getMethod("of", int.class).invoke(null, 4711))
                .isEmpty();
        Object eperm = ((Optional<?>) errno.getMethod("of", int.class).invoke(null, 1)).orElseThrow();
        assertThat((Optional<?>) meanings.getMethod("of", errno).invoke(null, eperm))
                .isEmpty();
    }

    private Object layout(String name, ByteBuffer buffer, int position) throws ReflectiveOperationException {
        return types.type(name).getConstructor(ByteBuffer.class, int.class).newInstance(buffer, position);
    }

    private static Object get(Object struct, String name) throws ReflectiveOperationException {
        return struct.getClass().getMethod(name).invoke(struct);
    }

    private static void set(Object struct, String name, Class<?> type, Object value)
            throws ReflectiveOperationException {
        assertThat(struct.getClass().getMethod(name, type).invoke(struct, value))
                .isSameAs(struct);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }
}
