// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text as lines of a comment. */
final class Prose {
    private Prose() {}

    /** Paragraphs as lines of at most {@code width} columns, an empty line between paragraphs. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.strip().split("\n[ \t]*\n", -1)) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            fill(lines, Arrays.asList(paragraph.strip().split("\\s+", -1)), width);
        }
        return lines;
    }

    private static void fill(List<String> lines, List<String> words, int width) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (line.length() > 0) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
    }
}
