// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import static dev.holdfast.examples.pc.PlainAccess.read;
import static dev.holdfast.examples.pc.PlainAccess.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The serial port as a driver finds it: the data sheet of the 16550A. */
class SerialTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Boolean> line = new ArrayList<>();
    private final Serial serial = new Serial(out, line::add);

    @Test
    void what_is_sent_is_written_a_string_at_once() {
        write(serial, 0, 'o', 'k');
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("ok");
        assertThat(read(serial, 5)).isEqualTo(0x60);
    }

    @Test
    void the_divisor_hides_data_and_interrupts() {
        write(serial, 3, 0x80);
        write(serial, 0, 0x34);
        write(serial, 1, 0x12);
        assertThat(read(serial, 0)).isEqualTo(0x34);
        write(serial, 3, 3);
        assertThat(read(serial, 1)).isZero();
        assertThat(out.size()).isZero();
    }

    @Test
    void what_is_typed_calls_until_it_is_read() {
        write(serial, 1, 1);
        serial.receive(new byte[] {'a', 'b'});
        assertThat(line).containsExactly(true);
        assertThat(read(serial, 2)).isEqualTo(4);
        assertThat(read(serial, 5)).isEqualTo(0x61);
        assertThat(read(serial, 0)).isEqualTo('a');
        assertThat(line).containsExactly(true);
        assertThat(read(serial, 0)).isEqualTo('b');
        assertThat(line).containsExactly(true, false);
        assertThat(read(serial, 2)).isEqualTo(1);
    }

    @Test
    void that_it_can_send_is_told_once() {
        write(serial, 1, 2);
        assertThat(line).containsExactly(true);
        assertThat(read(serial, 2)).isEqualTo(2);
        assertThat(line).containsExactly(true, false);
        write(serial, 0, 'x');
        assertThat(line).containsExactly(true, false, true);
    }

    @Test
    void a_loop_gives_back_what_is_sent_and_set() {
        write(serial, 4, 0x1a);
        assertThat(read(serial, 6)).isEqualTo(0x90);
        write(serial, 0, 'x');
        assertThat(out.size()).isZero();
        assertThat(read(serial, 0)).isEqualTo('x');
    }

    @Test
    void one_that_is_saved_and_loaded_calls_again() throws IOException {
        write(serial, 1, 1);
        write(serial, 7, 0x5a);
        serial.receive(new byte[] {'a', 'b'});
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        serial.save(new DataOutputStream(state));

        List<Boolean> other = new ArrayList<>();
        Serial next = new Serial(out, other::add);
        next.load(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));

        assertThat(other).containsExactly(true);
        assertThat(read(next, 7)).isEqualTo(0x5a);
        assertThat(read(next, 0)).isEqualTo('a');
        assertThat(read(next, 0)).isEqualTo('b');
        assertThat(other).containsExactly(true, false);
    }
}
