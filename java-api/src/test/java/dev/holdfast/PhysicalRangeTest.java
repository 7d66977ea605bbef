// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.abi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhysicalRangeTest {
    @ParameterizedTest
    @CsvSource({
        "1G$0x100000000, 0x100000000, 0x40000000",
        "1g$4G, 0x100000000, 0x40000000",
        "64M$0x8000000, 0x8000000, 0x4000000",
        "4096$0, 0, 0x1000",
        "0x1000$16K, 0x4000, 0x1000",
        "0x10G$1T, 0x10000000000, 0x400000000",
        "7$1, 1, 7",
    })
    void readsWhatMemmapTakes(String text, String base, String size) {
        assertThat(PhysicalRange.parse(text)).isEqualTo(new PhysicalRange(Long.decode(base), Long.decode(size)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1G@0x100000000; there is no $ between size and base",
                "''; there is no $ between size and base",
                "1Q$0; \"1Q\" is not a number of bytes",
                "$0; \"\" is not a number of bytes",
                "1G$; \"\" is not a number of bytes",
                "1G$1G$1G; \"1G$1G\" is not a number of bytes",
                "-1G$0; \"-1G\" is not a number of bytes",
                "010$0; \"010\" is not a number of bytes",
                "1G $0; \"1G \" is not a number of bytes",
                "0$4G; the size is zero",
                "9999999999999999999$0; \"9999999999999999999\" is beyond 2^63",
                "8388608T$0; \"8388608T\" is beyond 2^63",
                "1G$0x7fffffffffffffff; the end is beyond 2^63",
            })
    void saysWhyATextIsNoRange(String text, String why) {
        assertThatThrownBy(() -> PhysicalRange.parse(text))
                .isInstanceOfSatisfying(InvalidArgumentException.class, e -> {
                    assertThat(e).hasMessageStartingWith("cannot read range \"" + text + "\": " + why + " (");
                    assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                    assertThat(e.call()).isEqualTo("PhysicalRange.parse");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "0x100000000, 0x40000000, 1G$0x100000000",
        "0x140000000, 0x48000000, 1152M$0x140000000",
        "0, 0x1400, 5K$0x0",
        "0x1000, 4095, 4095$0x1000",
        "0, 0x4000000000000, 1024T$0x0",
    })
    void writesTheLargestUnitAndReadsItBack(String base, String size, String text) {
        PhysicalRange range = new PhysicalRange(Long.decode(base), Long.decode(size));

        assertThat(range).hasToString(text);
        assertThat(PhysicalRange.parse(text)).isEqualTo(range);
        assertThat(range.memmap()).isEqualTo("memmap=" + text);
    }

    @ParameterizedTest
    @CsvSource({"-1, 4096", "0, 0", "0, -4096", "0x7ffffffffffff000, 4096"})
    void refusesRangesThatCannotBe(String base, String size) {
        assertThatThrownBy(() -> new PhysicalRange(Long.decode(base), Long.decode(size)))
                .isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void containsWhatLiesInIt() {
        PhysicalRange range = new PhysicalRange(0x1000, 0x2000);

        assertThat(range.contains(range)).isTrue();
        assertThat(range.contains(new PhysicalRange(0x2000, 0x1000))).isTrue();
        assertThat(range.contains(new PhysicalRange(0x2000, 0x1001))).isFalse();
        assertThat(range.contains(new PhysicalRange(0xfff, 0x1000))).isFalse();
    }
}
