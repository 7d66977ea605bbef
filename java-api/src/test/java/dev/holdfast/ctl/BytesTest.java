// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
    @ParameterizedTest
    @CsvSource({"0,0", "4096,4096", "4k,4096", "2M,2097152", "1GiB,1073741824", "3TB,3298534883328"})
    void numbers_of_bytes_are_read(String text, long bytes) {
        assertThat(new Bytes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1 KiB", "1536,1.5 KiB", "1073741824,1 GiB", "5497558138880,5 TiB"})
    void numbers_of_bytes_are_told_in_the_largest_unit(long bytes, String text) {
        assertThat(Bytes.text(bytes)).isEqualTo(text);
    }
}
