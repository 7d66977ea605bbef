// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A C header as its declarations, whatever its formatting. */
final class CSource {
    private final String file;
    private final String code;
    private final int[] depth;
    private final Map<String, Integer> macros;

    private CSource(String file, Preprocessor preprocessor) {
        this.file = file;
        this.code = preprocessor.code();
        this.depth = preprocessor.depth();
        this.macros = preprocessor.macros();
    }

    static CSource parse(String file, String text) {
        return new CSource(file, new Preprocessor(Comments.strip(text)));
    }

    /** The function of that name, declared or defined outside every brace. */
    Optional<Declaration> function(String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "\\s*\\(").matcher(code);
        while (matcher.find()) {
            if (depth[matcher.start()] == 0) {
                return Optional.of(declaration(matcher.start(), matcher.start(), matcher.end() - 1));
            }
        }
        return Optional.empty();
    }

    /** The function pointer of that name in {@code struct structName}. */
    Optional<Declaration> operation(String structName, String name) {
        Matcher matcher =
                Pattern.compile("\\(\\s*\\*\\s*" + name + "\\s*\\)\\s*\\(").matcher(code);
        return body(structName)
                .filter(body -> matcher.region(body.start(), body.end()).find())
                .map(body -> declaration(matcher.start(), matcher.start(), matcher.end() - 1));
    }

    /** Where the macro of that name is defined that takes arguments. */
    Optional<Place> macro(String name) {
        return Optional.ofNullable(macros.get(name)).map(this::place);
    }

    /** Where {@code struct structName} has the field {@code name}. */
    Optional<Place> field(String structName, String name) {
        Matcher matcher =
                Pattern.compile("\\b" + name + "\\s*(\\[[^]]*]\\s*)*[;,:]").matcher(code);
        return body(structName)
                .filter(body -> matcher.region(body.start(), body.end()).find())
                .map(body -> place(matcher.start()));
    }

    /** Where {@code struct structName} is defined. */
    Optional<Place> struct(String structName) {
        return body(structName).map(body -> place(body.start()));
    }

    private record Span(int start, int end) {}

    private Optional<Span> body(String structName) {
        Matcher matcher =
                Pattern.compile("\\bstruct\\s+" + structName + "\\s*\\{").matcher(code);
        while (matcher.find()) {
            int start = matcher.end();
            int inside = depth[start - 1] + 1;
            int end = start;
            while (end < code.length() && depth[end] >= inside) {
                end++;
            }
            if (inside == 1) {
                return Optional.of(new Span(start, end));
            }
        }
        return Optional.empty();
    }

    private Declaration declaration(int declarator, int named, int open) {
        int start = declarator;
        while (start > 0 && ";{}".indexOf(code.charAt(start - 1)) < 0) {
            start--;
        }
        return new Declaration(oneSpaced(code.substring(start, declarator)), parameters(open), place(named));
    }

    private List<String> parameters(int open) {
        List<String> parameters = new ArrayList<>();
        int nesting = 0;
        int start = open + 1;
        for (int at = open; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == '(') {
                nesting++;
            } else if (c == ')') {
                nesting--;
            }
            if (nesting == 0 || (nesting == 1 && c == ',')) {
                parameters.add(oneSpaced(code.substring(start, at)));
                start = at + 1;
            }
            if (nesting == 0) {
                break;
            }
        }
        return parameters.equals(List.of("void")) || parameters.equals(List.of("")) ? List.of() : parameters;
    }

    private static String oneSpaced(String text) {
        return text.strip().replaceAll("\\s+", " ").replaceAll(" ?\\* ?", " *");
    }

    private Place place(int at) {
        int line =
                1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
        return new Place(file, line);
    }
}
