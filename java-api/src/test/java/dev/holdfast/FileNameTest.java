// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileNameTest {
    private static final String TWO_BYTES = "\u00e4";

    @ParameterizedTest
    @ValueSource(strings = {"vm-42", "a", "with space", "a.b", "a..", "-", "*", "\u00e4\u00f6", "\ud83d\ude80"})
    void takesOrdinaryNames(String name) {
        assertThat(new FileName(name).text()).isEqualTo(name);
        assertThat(FileName.isValid(name)).isTrue();
    }

    @Test
    void countsBytesNotCharacters() {
        String longest = TWO_BYTES.repeat(127) + "a";

        assertThat(new FileName(longest).text()).isEqualTo(longest);
        assertThatThrownBy(() -> new FileName(longest + "b")).hasMessageContaining("the name has 256 bytes");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "\"\"", "the name is empty"),
                Arguments.of(".", "\".\"", "names that start with '.' are reserved"),
                Arguments.of("..", "\"..\"", "names that start with '.' are reserved"),
                Arguments.of(".unfinished-x", "\".unfinished-x\"", "names that start with '.' are reserved"),
                Arguments.of("a/b", "\"a/b\"", "the name contains '/'"),
                Arguments.of("/", "\"/\"", "the name contains '/'"),
                Arguments.of("a\0b", "\"a\\u0000b\"", "the name contains NUL"),
                Arguments.of("a\n/", "\"a\\u000a/\"", "the name contains '/'"),
                Arguments.of("a\ud800", "\"a\ud800\"", "the name is not valid Unicode"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesInOneLineWhatCannotBeAName(String name, String shown, String why) {
        assertThat(FileName.isValid(name)).isFalse();
        assertThatThrownBy(() -> new FileName(name))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(
                        "cannot use name " + shown + ": " + why + " (FileName: EINVAL); choose a name of 1 to 255 bytes"
                                + " of UTF-8, without '/' and NUL and without '.' in front");
    }
}
