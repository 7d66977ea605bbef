// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bytes as the compiler of the ACPI reference implementation writes them. */
class AmlTest {
    @Test
    void an_identifier_is_packed() {
        assertThat(Aml.eisa("PNP0501")).containsExactly(0x0c, 0x41, 0xd0, 0x05, 0x01);
    }

    @Test
    void resources_end_with_a_tag_and_say_how_long_they_are() {
        assertThat(Aml.resources(Aml.ports(0x3f8, 8)))
                .containsExactly(0x11, 0x0d, 0x0a, 0x0a, 0x47, 1, 0xf8, 3, 0xf8, 3, 1, 8, 0x79, 0);
    }

    @Test
    void what_is_longer_than_63_bytes_has_a_length_of_two() {
        byte[] scope = Aml.scope("_SB_", new byte[80]);
        // 5 of the name, 80 of the content, 2 of the length itself.
        assertThat(scope).startsWith(0x10, 0x40 | 87 & 0xf, 87 >> 4, '\\', '_', 'S', 'B', '_');
    }

    @Test
    void a_device_has_a_name_and_objects() {
        assertThat(Aml.device("COM1", Aml.name("_UID", Aml.number(1))))
                .containsExactly(0x5b, 0x82, 12, 'C', 'O', 'M', '1', 0x08, '_', 'U', 'I', 'D', 0x0a, 1);
    }
}
