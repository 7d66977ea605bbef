// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Marks at the ends of a template's lines, which rendering carries along: they tell where each rendered line comes from. A
 * line of nothing but tags gets none, because it leaves no line behind. Columns in messages stay right.
 */
final class LineMarks {
    private static final Pattern MARK = Pattern.compile("\u0001([^\u0001:]+):([0-9]+)\u0002");

    private LineMarks() {}

    /** The text of a template with marks. */
    static String add(String template, String text) {
        StringBuilder marked = new StringBuilder();
        TemplateScanner scanner = new TemplateScanner(text);
        int from = 0;
        for (TemplateScanner.Line end = scanner.next(); end != null; end = scanner.next()) {
            marked.append(text, from, end.end());
            if (end.rendersALine()) {
                marked.append('\u0001')
                        .append(template)
                        .append(':')
                        .append(end.number())
                        .append('\u0002');
            }
            from = end.end();
        }
        return marked.append(text.substring(from)).toString();
    }

    /** Rendered text without its marks. */
    static String remove(String rendered) {
        return MARK.matcher(rendered).replaceAll("");
    }

    /** Where each line of a rendered text with marks comes from; null for one that is in no template. */
    static List<@Nullable Origin> origins(String rendered) {
        List<@Nullable Origin> origins = new ArrayList<>();
        rendered.lines().forEach(line -> {
            Matcher mark = MARK.matcher(line);
            origins.add(mark.find() ? new Origin(mark.group(1), Integer.parseInt(mark.group(2))) : null);
        });
        return origins;
    }
}
