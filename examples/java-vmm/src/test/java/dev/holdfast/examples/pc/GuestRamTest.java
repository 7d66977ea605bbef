// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import org.junit.jupiter.api.Test;

class GuestRamTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    @Test
    void a_small_memory_has_a_hole_for_video() {
        assertThat(new GuestRam(0x1000, 16 * MIB).pieces())
                .containsExactly(new GuestRam.Piece(0, 0, 0xa0000), new GuestRam.Piece(MIB, MIB, 15 * MIB));
    }

    @Test
    void what_devices_would_hide_is_seen_above_them() {
        assertThat(new GuestRam(0x1000, 5 * GIB).pieces())
                .containsExactly(
                        new GuestRam.Piece(0, 0, 0xa0000),
                        new GuestRam.Piece(MIB, MIB, 3 * GIB - MIB),
                        new GuestRam.Piece(4 * GIB, 3 * GIB, 2 * GIB));
    }

    @Test
    void a_place_is_found_and_what_is_none_is_refused() {
        try (Memory memory = new Memory(2 * MIB)) {
            memory.setLong(MIB + 8, 0x1122334455667788L);
            GuestRam ram = new GuestRam(Pointer.nativeValue(memory), 2 * MIB);
            assertThat(ram.at(MIB + 8, 8).getLong()).isEqualTo(0x1122334455667788L);
            assertThat(ram.at(2 * MIB - 4, 4).remaining()).isEqualTo(4);
            assertThatThrownBy(() -> ram.at(2 * MIB - 4, 8))
                    .isInstanceOf(MachineException.class)
                    .hasMessage("the guest has no memory of 8 bytes at 0x1ffffc");
            assertThatThrownBy(() -> ram.at(0xa0000 - 4, 8)).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> ram.at(-8, 16)).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> ram.at(MIB, -1)).isInstanceOf(MachineException.class);
            assertThatThrownBy(() -> ram.at(Long.MAX_VALUE, 8)).isInstanceOf(MachineException.class);
        }
    }

    @Test
    void a_size_that_no_machine_has_is_refused() {
        for (long size : new long[] {0, -4096, MIB, 2 * MIB + 1, 33 * GIB}) {
            assertThatThrownBy(() -> new GuestRam(0x1000, size))
                    .hasMessage("a machine has more than 1 MiB of memory and at most 32 GiB, a multiple of 4 KiB, not "
                            + size + " bytes");
        }
    }
}
