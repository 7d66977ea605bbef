// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReservationTest {
    private static final long GIB = 1L << 30;

    /** 8 GiB: 3 below the hole for devices, 5 above. */
    private static final String IOMEM = """
            00001000-0009fbff : System RAM
            00100000-bfffffff : System RAM
              01000000-01ffffff : Kernel code
            fee00000-fee00fff : Local APIC
            100000000-23fffffff : System RAM
            """;

    @Test
    void the_highest_range_above_4_gib_is_chosen() {
        assertThat(Reservation.choose(IOMEM, GIB)).hasToString("1G$0x200000000");
        assertThat(Reservation.choose(IOMEM, 5 * GIB)).hasToString("5G$0x100000000");
        assertThat(Reservation.choose(IOMEM, 128 << 20)).hasToString("128M$0x200000000");
    }

    @Test
    void where_no_gib_begins_a_section_does() {
        String small = "00100000-7fffffff : System RAM\n108000000-13fffffff : System RAM\n";

        assertThat(Reservation.choose(small, 512 << 20)).hasToString("512M$0x120000000");
    }

    @Test
    void what_cannot_be_had_is_refused_with_a_reason() {
        assertThatThrownBy(() -> Reservation.choose(IOMEM, 6 * GIB)).hasMessageContaining("lie together above 4 GiB");
        assertThatThrownBy(() -> Reservation.choose(IOMEM, 8 * GIB)).hasMessageContaining("keeps 1 GiB at least");
        assertThatThrownBy(() -> Reservation.choose(IOMEM, 1000)).hasMessageContaining("a multiple of 128 MiB");
        assertThatThrownBy(() -> Reservation.choose("00000000-00000000 : System RAM\n", GIB))
                .hasMessageContaining("run as root");
    }
}
