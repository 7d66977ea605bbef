// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import org.jspecify.annotations.Nullable;

/** Finds the ends of those lines of a template that do not end inside a tag, an interpolation or a comment. */
final class TemplateScanner {
    private final String text;
    private int at;
    private int number = 1;

    TemplateScanner(String text) {
        this.text = text;
    }

    /**
     * The end of a line.
     *
     * @param number which line, counted from 1
     * @param end where its line feed is
     * @param rendersALine whether it has more on it than tags
     */
    record Line(int number, int end, boolean rendersALine) {}

    /** The end of the next line; null if there is none. */
    @Nullable
    Line next() {
        boolean tags = false;
        boolean words = false;
        while (at < text.length()) {
            if (text.charAt(at) == '\n') {
                Line line = new Line(number, at, words || !tags);
                at++;
                number++;
                return line;
            }
            if (text.startsWith("<#--", at)) {
                tags = true;
                skipTo(text.indexOf("-->", at), "-->".length());
            } else if (startsTag()) {
                tags = true;
                skipCode('(', ')', '>');
            } else if (text.startsWith("${", at)) {
                words = true;
                at++;
                skipCode('{', '}', '}');
            } else {
                words |= !Character.isWhitespace(text.charAt(at));
                at++;
            }
        }
        return null;
    }

    private boolean startsTag() {
        return text.startsWith("<#", at)
                || text.startsWith("</#", at)
                || text.startsWith("<@", at)
                || text.startsWith("</@", at);
    }

    /** Skips to after {@code end}, past strings and what is in brackets. */
    private void skipCode(char open, char close, char end) {
        int depth = 0;
        for (int here = at; here < text.length(); here++) {
            char c = text.charAt(here);
            if (c == '"' || c == '\'') {
                here = endOfString(here);
            } else if (c == open) {
                depth++;
            } else if (c == close && --depth > 0) {
                continue;
            }
            if (c == end && depth <= 0) {
                skipTo(here, 1);
                return;
            }
        }
        skipTo(-1, 0);
    }

    private int endOfString(int start) {
        for (int here = start + 1; here < text.length(); here++) {
            if (text.charAt(here) == '\\') {
                here++;
            } else if (text.charAt(here) == text.charAt(start)) {
                return here;
            }
        }
        return text.length();
    }

    /** Nothing is found in a template that is wrong: FreeMarker says so better. */
    private void skipTo(int found, int length) {
        int after = found < 0 ? text.length() : found + length;
        number += (int) text.substring(at, after).chars().filter(c -> c == '\n').count();
        at = after;
    }
}
