// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.files.TextTree;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which line of which template the lines of rendered files come from. It lies beside them as {@value #FILE}. */
public final class LineMap {
    /** Its name in a rendered tree. */
    public static final String FILE = "holdfast-lines.txt";

    private static final String HEAD = """
            # SPDX-License-Identifier: GPL-2.0-only
            # Where rendered lines come from: FILE:LINE TEMPLATE:LINE, and how many lines follow each other there.
            """;
    private static final Pattern RUN = Pattern.compile("(\\S+):([0-9]+) (\\S+):([0-9]+) ([0-9]+)");
    private static final Pattern PLACE = Pattern.compile("(?:^|(?<=from ))(\\S+?):([0-9]+)(?=[:,])");

    private final Map<String, Map<Integer, Origin>> origins = new HashMap<>();

    private LineMap() {}

    /**
     * The map in a rendered tree; an empty one if there is none.
     *
     * @throws CodegenException if there is something else in its place
     */
    public static LineMap in(TextTree tree) {
        LineMap map = new LineMap();
        tree.files()
                .getOrDefault(FILE, "")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(map::addRun);
        return map;
    }

    private void addRun(String line) {
        Matcher run = RUN.matcher(line);
        if (!run.matches()) {
            throw new CodegenException(FILE + ": not a line of such a file: '" + line + "'; render anew");
        }
        for (int at = 0; at < Integer.parseInt(run.group(5)); at++) {
            origins.computeIfAbsent(run.group(1), file -> new HashMap<>())
                    .put(
                            Integer.parseInt(run.group(2)) + at,
                            new Origin(run.group(3), Integer.parseInt(run.group(4)) + at));
        }
    }

    /** What to write into {@value #FILE}, for files that still have their marks. */
    static String write(Map<String, String> marked) {
        StringBuilder text = new StringBuilder(HEAD);
        marked.forEach((name, content) -> writeFile(text, name, LineMarks.origins(content)));
        return text.toString();
    }

    private static void writeFile(StringBuilder text, String name, List<@Nullable Origin> lines) {
        int start = 0;
        while (start < lines.size()) {
            Origin first = lines.get(start);
            int end = start + 1;
            while (first != null
                    && end < lines.size()
                    && new Origin(first.template(), first.line() + end - start).equals(lines.get(end))) {
                end++;
            }
            if (first != null) {
                text.append("%s:%d %s %d\n".formatted(name, start + 1, first, end - start));
            }
            start = end;
        }
    }

    /**
     * A line of a compiler's output, with the template and its line added if it names a line of a rendered file.
     *
     * @param folder where the rendered files are; the compiler names them below it, or relative to it
     */
    public String explain(Path folder, String line) {
        Matcher place = PLACE.matcher(line);
        if (!place.find()) {
            return line;
        }
        String below = folder + "/";
        String file = place.group(1).startsWith(below) ? place.group(1).substring(below.length()) : place.group(1);
        Origin origin = origins.getOrDefault(file, Map.of()).get(Integer.parseInt(place.group(2)));
        return origin == null ? line : line + " [template " + origin + "]";
    }
}
