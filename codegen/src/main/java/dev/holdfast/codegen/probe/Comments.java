// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/** Takes the comments out of C. */
final class Comments {
    private final String text;
    private final StringBuilder code;
    private int at;

    private Comments(String text) {
        this.text = text;
        this.code = new StringBuilder(text.length());
    }

    /** The text with every comment, string and character constant blanked, every line where it was. */
    static String strip(String text) {
        return new Comments(text).strip();
    }

    private String strip() {
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                blankTo(end < 0 ? text.length() : end + 2);
            } else if (text.startsWith("//", at)) {
                blankTo(endOfLogicalLine(text, at));
            } else if (text.charAt(at) == '"' || text.charAt(at) == '\'') {
                blankTo(endOfLiteral(text.charAt(at)));
            } else {
                code.append(text.charAt(at++));
            }
        }
        return code.toString();
    }

    /** Where the line that {@code start} is in ends, with the lines that continue it. */
    static int endOfLogicalLine(String text, int start) {
        int end = text.indexOf('\n', start);
        while (end > start && text.charAt(end - 1) == '\\') {
            end = text.indexOf('\n', end + 1);
        }
        return end < 0 ? text.length() : end + 1;
    }

    /** A literal ends at its line's end at the latest: apostrophes stand alone in assembler and in #error lines. */
    private int endOfLiteral(char quote) {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote && text.charAt(end) != '\n') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        boolean closed = end < text.length() && text.charAt(end) == quote;
        return closed ? end + 1 : Math.min(end, text.length());
    }

    private void blankTo(int end) {
        for (; at < end; at++) {
            code.append(text.charAt(at) == '\n' ? '\n' : ' ');
        }
    }
}
