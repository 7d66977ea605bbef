// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import static dev.holdfast.examples.pc.PlainAccess.readInt;
import static dev.holdfast.examples.pc.PlainAccess.writeInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console as a driver finds it, and as a driver that is out of its mind does. */
class VirtioConsoleTest {
    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int SIZE = 4;
    private static final int RINGS = 0x1000;
    private static final int AVAILABLE = 0x100;
    private static final int USED = 0x200;
    private static final int BUFFERS = 0x8000;
    private static final int WRITABLE = 2;
    private static final int NEXT = 1;

    private final Memory memory = new Memory(2 << 20);
    private final GuestRam ram = new GuestRam(Pointer.nativeValue(memory), memory.size());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Boolean> line = new ArrayList<>();
    private final VirtioConsole console = new VirtioConsole(ram, out, line::add);

    @BeforeEach
    void setUp() {
        memory.clear();
        for (int queue : new int[] {RECEIVE, TRANSMIT}) {
            writeInt(console, 0x030, queue);
            writeInt(console, 0x038, SIZE);
            writeInt(console, 0x080, rings(queue));
            writeInt(console, 0x090, rings(queue) + AVAILABLE);
            writeInt(console, 0x0a0, rings(queue) + USED);
            writeInt(console, 0x044, 1);
        }
        writeInt(console, 0x070, 0xf);
    }

    @AfterEach
    void tearDown() {
        memory.close();
    }

    private static int rings(int queue) {
        return RINGS * (1 + queue);
    }

    private void describe(int queue, int index, long address, int length, int flags, int next) {
        ram.at(rings(queue) + 16L * index, 16)
                .putLong(address)
                .putInt(length)
                .putShort((short) flags)
                .putShort((short) next);
    }

    private void offer(int queue, int count, int head) {
        ram.at(rings(queue) + AVAILABLE + 4 + 2L * ((count - 1) % SIZE), 2).putShort((short) head);
        ram.at(rings(queue) + AVAILABLE + 2, 2).putShort((short) count);
        writeInt(console, 0x050, queue);
    }

    private int used(int queue) {
        return ram.at(rings(queue) + USED + 2, 2).getShort();
    }

    private void put(int at, String text) {
        ram.at(at, text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void says_what_it_is() {
        assertThat(readInt(console, 0x000)).isEqualTo(0x74726976);
        assertThat(readInt(console, 0x004)).isEqualTo(2);
        assertThat(readInt(console, 0x008)).isEqualTo(3);
        writeInt(console, 0x014, 1);
        assertThat(readInt(console, 0x010)).isEqualTo(1);
        assertThat(console.isReady()).isTrue();
    }

    @Test
    void buffers_in_a_chain_are_written_in_order_and_the_guest_is_called() {
        put(BUFFERS, "hello");
        put(BUFFERS + 64, " guest");
        describe(TRANSMIT, 0, BUFFERS, 5, NEXT, 2);
        describe(TRANSMIT, 2, BUFFERS + 64, 6, 0, 0);
        offer(TRANSMIT, 1, 0);
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("hello guest");
        assertThat(used(TRANSMIT)).isEqualTo(1);
        assertThat(line).containsExactly(true);
        assertThat(readInt(console, 0x060)).isEqualTo(1);
        writeInt(console, 0x064, 1);
        assertThat(line).containsExactly(true, false);
    }

    @Test
    void what_is_typed_waits_for_a_buffer() {
        console.receive("typed".getBytes(StandardCharsets.US_ASCII));
        assertThat(line).isEmpty();
        describe(RECEIVE, 1, BUFFERS, 3, WRITABLE, 0);
        offer(RECEIVE, 1, 1);
        assertThat(used(RECEIVE)).isEqualTo(1);
        assertThat(ram.at(rings(RECEIVE) + USED + 4, 8).getLong()).isEqualTo(3L << 32 | 1);
        describe(RECEIVE, 1, BUFFERS + 3, 8, WRITABLE, 0);
        offer(RECEIVE, 2, 1);
        byte[] read = new byte[5];
        ram.at(BUFFERS, 5).get(read);
        assertThat(new String(read, StandardCharsets.US_ASCII)).isEqualTo("typed");
    }

    @Test
    void the_rings_go_on_where_they_were_and_a_call_is_repeated() throws IOException {
        put(BUFFERS, "a");
        describe(TRANSMIT, 0, BUFFERS, 1, 0, 0);
        offer(TRANSMIT, 1, 0);
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        console.save(new DataOutputStream(state));
        List<Boolean> other = new ArrayList<>();
        VirtioConsole next = new VirtioConsole(ram, out, other::add);
        next.load(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
        assertThat(other).containsExactly(true);
        writeInt(next, 0x050, TRANSMIT);
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("a");
        assertThat(next.isReady()).isTrue();
    }

    @Test
    void a_chain_without_an_end_is_refused() {
        describe(TRANSMIT, 0, BUFFERS, 1, NEXT, 0);
        assertThatThrownBy(() -> offer(TRANSMIT, 1, 0))
                .isInstanceOf(MachineException.class)
                .hasMessage("the guest gave buffers that do not end: descriptor 0 of 4");
    }

    @Test
    void buffers_and_rings_that_are_no_memory_are_refused() {
        describe(TRANSMIT, 0, 4L << 30, 1, 0, 0);
        assertThatThrownBy(() -> offer(TRANSMIT, 1, 0)).hasMessage("the guest has no memory of 1 bytes at 0x100000000");
        describe(TRANSMIT, 0, BUFFERS, -1, 0, 0);
        assertThatThrownBy(() -> offer(TRANSMIT, 2, 0)).isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> offer(TRANSMIT, 3, 77))
                .hasMessage("the guest gave buffers that do not end: descriptor 77 of 4");
        writeInt(console, 0x090, -16);
        assertThatThrownBy(() -> writeInt(console, 0x050, TRANSMIT)).isInstanceOf(MachineException.class);
    }

    @Test
    void a_queue_that_it_has_not_is_refused() {
        writeInt(console, 0x030, 2);
        assertThat(readInt(console, 0x034)).isZero();
        assertThatThrownBy(() -> writeInt(console, 0x044, 1))
                .hasMessage("the guest sets up virtqueue 2 of a console that has 2");
        writeInt(console, 0x030, 0);
        assertThatThrownBy(() -> writeInt(console, 0x038, 3))
                .hasMessage("the guest wants a virtqueue of 3 buffers; it is a power of two up to 256");
    }

    @Test
    void a_reset_forgets_all_of_it() {
        writeInt(console, 0x070, 0);
        assertThat(console.isReady()).isFalse();
        assertThat(readInt(console, 0x044)).isZero();
        offer(TRANSMIT, 1, 0);
        assertThat(out.size()).isZero();
    }
}
