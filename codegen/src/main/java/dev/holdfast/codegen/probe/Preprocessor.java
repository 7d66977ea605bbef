// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the directives out of C without comments, and counts braces as the compiler would see them: the branches of a
 * conditional each start at the depth of its {@code #if}. What stands in {@code #if 0} is gone; of any other
 * conditional, all branches stay.
 */
final class Preprocessor {
    private static final Pattern DIRECTIVE = Pattern.compile("[ \\t]*#[ \\t]*(\\w+)[ \\t]*(.*)", Pattern.DOTALL);
    private static final Pattern MACRO = Pattern.compile("(\\w+)\\(");

    private final StringBuilder code;
    private final int[] depth;
    private final Map<String, Integer> macros = new HashMap<>();
    private final Deque<Conditional> conditionals = new ArrayDeque<>();
    private int braces;

    /** An {@code #if} that is open: the depth at which it started, and whether what follows is compiled. */
    private record Conditional(int braces, boolean outerLive, boolean live) {}

    Preprocessor(String text) {
        code = new StringBuilder(text);
        depth = new int[text.length() + 1];
        int start = 0;
        while (start < text.length()) {
            int end = Comments.endOfLogicalLine(text, start);
            line(start, end, DIRECTIVE.matcher(text.substring(start, end)));
            start = end;
        }
        depth[text.length()] = braces;
    }

    /** The text with directives and dead code blanked, every line where it was. */
    String code() {
        return code.toString();
    }

    /** For each character, how many braces it stands in; an opening brace stands outside, a closing one too. */
    int[] depth() {
        return depth;
    }

    /** Where each macro that takes arguments is defined first. */
    Map<String, Integer> macros() {
        return Map.copyOf(macros);
    }

    private void line(int start, int end, Matcher directive) {
        boolean isDirective = directive.matches();
        if (isDirective) {
            conditional(directive.group(1), directive.group(2).strip());
            Matcher macro = MACRO.matcher(directive.group(2));
            if (directive.group(1).equals("define") && live() && macro.lookingAt()) {
                macros.putIfAbsent(macro.group(1), start);
            }
        }
        boolean dead = isDirective || !live();
        for (int at = start; at < end; at++) {
            if (dead && code.charAt(at) != '\n') {
                code.setCharAt(at, ' ');
            }
            char c = code.charAt(at);
            if (c == '}') {
                braces = Math.max(0, braces - 1);
            }
            depth[at] = braces;
            if (c == '{') {
                braces++;
            }
        }
    }

    private boolean live() {
        return conditionals.isEmpty() || conditionals.peek().live();
    }

    private void conditional(String keyword, String condition) {
        switch (keyword) {
            case "if", "ifdef", "ifndef" -> {
                boolean live = live();
                conditionals.push(new Conditional(braces, live, live && !(keyword.equals("if") && isZero(condition))));
            }
            case "else", "elif" -> {
                if (!conditionals.isEmpty()) {
                    Conditional open = conditionals.pop();
                    braces = open.braces();
                    conditionals.push(new Conditional(open.braces(), open.outerLive(), open.outerLive()));
                }
            }
            case "endif" -> {
                if (!conditionals.isEmpty()) {
                    conditionals.pop();
                }
            }
            default -> {}
        }
    }

    private static boolean isZero(String condition) {
        return condition.equals("0");
    }
}
