// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProseTest {
    @Test
    void fillsLinesUpToTheWidth() {
        assertThat(Prose.wrap("aaa bb\ncccc  d", 6)).containsExactly("aaa bb", "cccc d");
        assertThat(Prose.wrap("aaa bb\ncccc  d", 5)).containsExactly("aaa", "bb", "cccc", "d");
    }

    @Test
    void keepsParagraphsApart() {
        assertThat(Prose.wrap("one\ntwo\n \nthree\n", 80)).containsExactly("one two", "", "three");
    }

    @Test
    void leavesAWordWholeThatIsTooLong() {
        assertThat(Prose.wrap("a bbbbbbbb c", 4)).containsExactly("a", "bbbbbbbb", "c");
    }
}
