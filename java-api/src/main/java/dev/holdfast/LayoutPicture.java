// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.RegionArea.Kind;
import dev.holdfast.RegionLayout.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a layout: figures, a map in rows, and what its colours mean. */
final class LayoutPicture {
    private static final int WIDTH = 1200;
    private static final int MARGIN = 32;
    private static final int LABELS = 116;
    private static final int MAP_LEFT = MARGIN + LABELS;
    private static final int CELL = 2;
    private static final int MAP_WIDTH = LayoutCells.COLUMNS * CELL;
    private static final int FIGURES_TOP = 92;
    private static final int MAP_TOP = 176;
    private static final int ROW = 16;
    private static final int ROW_STEP = 20;
    private static final int LEGEND_STEP = 24;
    private static final int LEGEND_GAP = 40;
    private static final int LEGEND_COLUMN = (WIDTH - 2 * MARGIN - LEGEND_GAP) / 2;
    private static final int LONGEST_NAME = 42;

    /** Colours that are told apart by people who see few (Okabe and Ito), then the same darker and lighter. */
    private static final int[] COLOURS = {0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442};

    private static final int ROUNDS = 3;
    private static final int MOST_OWNERS = COLOURS.length * ROUNDS;

    private static final String METADATA = "the region's own tables";
    private static final String HELD = "held for now";
    private static final String RETIRED = "retired, given to no file";
    private static final String OTHERS = "other files";

    private static final String STYLE = """
            text { font-family: "Inter", "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: #1f2933; }
            .title { font-size: 24px; font-weight: 600; }
            .sub, .unit { font-size: 13px; fill: #616e7c; }
            .figure { font-size: 22px; font-weight: 600; }
            .address { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 11px; fill: #7b8794; }
            .name { font-size: 13px; }
            .end { text-anchor: end; }
            .free { fill: #e4e7eb; }
            .metadata { fill: url(#hatch); }
            .held { fill: url(#dots); }
            .retired { fill: #b00020; }
            .others { fill: #52606d; }
            """;

    private static final String PATTERNS = """
            <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
            <rect width="6" height="6" fill="#cbd2d9"/><rect width="2.5" height="6" fill="#3e4c59"/></pattern>
            <pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">\
            <rect width="5" height="5" fill="#f5f7fa"/><circle cx="2.5" cy="2.5" r="1.3" fill="#616e7c"/></pattern>
            </defs>
            """;

    private final RegionLayout layout;
    private final LayoutCells cells;
    private final List<Share> shares;
    private final Map<String, String> classes = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    LayoutPicture(RegionLayout layout) {
        this.layout = layout;
        this.cells = new LayoutCells(layout);
        this.shares = layout.shares();
        classes.put(METADATA, "metadata");
        classes.put(HELD, "held");
        classes.put(RETIRED, "retired");
        for (int rank = 0; rank < Math.min(shares.size(), MOST_OWNERS); rank++) {
            classes.put(shares.get(rank).owner(), "owner-" + rank);
        }
    }

    String svg() {
        List<Entry> legend = legend();
        int legendTop = MAP_TOP + cells.rows() * ROW_STEP + 36;
        int rows = (legend.size() + 1) / 2;
        int height = legendTop + rows * LEGEND_STEP + MARGIN;
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
                WIDTH, height, WIDTH, height);
        line("<title>%s</title>", escaped("Layout of " + heading()));
        line("<style>\n%s%s</style>", STYLE, ownerStyles());
        out.append(PATTERNS);
        line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        heads();
        figures();
        map();
        for (int number = 0; number < legend.size(); number++) {
            int left = MARGIN + number / rows * (LEGEND_COLUMN + LEGEND_GAP);
            entry(legend.get(number), left, legendTop + number % rows * LEGEND_STEP);
        }
        line("</svg>");
        return out.toString();
    }

    private String heading() {
        return layout.label().isEmpty() ? "region " + layout.range() : layout.label();
    }

    private void heads() {
        line("<text x=\"%d\" y=\"48\" class=\"title\">%s</text>", MARGIN, escaped(heading()));
        line(
                "<text x=\"%d\" y=\"70\" class=\"sub\">%s at %s; a row is %s, a step of it %s</text>",
                MARGIN,
                bytes(layout.range().size()),
                hex(layout.range().base()),
                bytes(cells.rowBytes()),
                bytes(cells.cellBytes()));
    }

    private void figures() {
        long free = layout.freeBytes();
        List<String[]> figures = List.of(
                new String[] {bytes(shares.stream().mapToLong(Share::bytes).sum()), "in " + count(shares.size(), "file")
                },
                new String[] {
                    bytes(free), "free, in " + count(layout.of(Kind.FREE).size(), "piece")
                },
                new String[] {bytes(layout.largestFree()), "the largest of them"},
                new String[] {percent(layout.freeInPages(RegionLayout.PAGE_2M), free), "of it in pages of 2 MiB"},
                new String[] {percent(layout.freeInPages(RegionLayout.PAGE_1G), free), "of it in pages of 1 GiB"});
        int step = (WIDTH - 2 * MARGIN) / figures.size();
        for (int number = 0; number < figures.size(); number++) {
            int left = MARGIN + number * step;
            line("<rect x=\"%d\" y=\"%d\" width=\"3\" height=\"48\" class=\"free\"/>", left, FIGURES_TOP);
            line(
                    "<text x=\"%d\" y=\"%d\" class=\"figure\">%s</text>",
                    left + 14, FIGURES_TOP + 21, figures.get(number)[0]);
            line(
                    "<text x=\"%d\" y=\"%d\" class=\"unit\">%s</text>",
                    left + 14, FIGURES_TOP + 43, figures.get(number)[1]);
        }
    }

    private void map() {
        for (int row = 0; row < cells.rows(); row++) {
            long start = row * cells.rowBytes();
            long end = Math.min(layout.range().size(), start + cells.rowBytes());
            line(
                    "<text x=\"%d\" y=\"%d\" class=\"address end\">%s</text>",
                    MAP_LEFT - 12, top(row) + 12, hex(layout.range().base() + start));
            line(
                    "<rect x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" class=\"free\"><title>free</title></rect>",
                    MAP_LEFT, top(row), number((double) MAP_WIDTH * (end - start) / cells.rowBytes()), ROW);
        }
        cells.runs(this::look).forEach(this::run);
    }

    private static int top(int row) {
        return MAP_TOP + row * ROW_STEP;
    }

    private void run(LayoutCells.Run run) {
        double height = (double) ROW * Math.min(run.level(), LayoutCells.LEVELS) / LayoutCells.LEVELS;
        long start = layout.range().base() + run.row() * cells.rowBytes() + run.column() * cells.cellBytes();
        String more = run.looks() > 1 ? " and " + (run.looks() - 1) + " more" : "";
        line(
                "<rect x=\"%d\" y=\"%s\" width=\"%d\" height=\"%s\" class=\"%s\"><title>%s</title></rect>",
                MAP_LEFT + run.column() * CELL,
                number(top(run.row()) + ROW - height),
                run.columns() * CELL,
                number(height),
                classes.getOrDefault(run.look(), "others"),
                escaped(run.look() + more + "\n" + hex(start) + " to "
                        + hex(start + run.columns() * cells.cellBytes())));
    }

    /** Nothing for what is free: that is what all the rest is drawn on. */
    private String look(RegionArea area) {
        if (area.isOwned() && area.kind() != Kind.RETIRED) {
            return area.owner();
        }
        return switch (area.kind()) {
            case FREE -> "";
            case HELD -> HELD;
            case RETIRED -> RETIRED;
            default -> METADATA;
        };
    }

    private record Entry(String style, String name, long bytes, int areas) {}

    private List<Entry> legend() {
        List<Entry> entries = new ArrayList<>();
        for (Share share : shares.subList(0, Math.min(shares.size(), MOST_OWNERS))) {
            entries.add(new Entry(
                    classes.getOrDefault(share.owner(), "others"), share.owner(), share.bytes(), share.areas()));
        }
        if (shares.size() > MOST_OWNERS) {
            List<Share> others = shares.subList(MOST_OWNERS, shares.size());
            entries.add(new Entry(
                    "others",
                    others.size() + " " + OTHERS,
                    others.stream().mapToLong(Share::bytes).sum(),
                    others.stream().mapToInt(Share::areas).sum()));
        }
        add(entries, "held", HELD, layout.of(Kind.HELD));
        add(entries, "retired", RETIRED, layout.of(Kind.RETIRED));
        add(entries, "free", "free", layout.of(Kind.FREE));
        add(
                entries,
                "metadata",
                METADATA,
                layout.areas().stream().filter(RegionArea::isMetadata).toList());
        return entries;
    }

    private static void add(List<Entry> entries, String style, String name, List<RegionArea> areas) {
        if (!areas.isEmpty()) {
            entries.add(new Entry(
                    style, name, areas.stream().mapToLong(RegionArea::length).sum(), areas.size()));
        }
    }

    private void entry(Entry entry, int left, int top) {
        String name = entry.name();
        if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
            name = name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
        }
        line("<g><title>%s</title>", escaped(entry.name()));
        line(
                "<rect x=\"%d\" y=\"%d\" width=\"16\" height=\"16\" rx=\"3\" class=\"%s\"/>",
                left, top - 13, entry.style());
        line("<text x=\"%d\" y=\"%d\" class=\"name\">%s</text>", left + 26, top, escaped(name));
        line(
                "<text x=\"%d\" y=\"%d\" class=\"sub end\">%s, %s</text></g>",
                left + LEGEND_COLUMN, top, bytes(entry.bytes()), count(entry.areas(), "piece"));
    }

    private String ownerStyles() {
        StringBuilder styles = new StringBuilder();
        for (int rank = 0; rank < Math.min(shares.size(), MOST_OWNERS); rank++) {
            styles.append(String.format(Locale.ROOT, ".owner-%d { fill: #%06x; }\n", rank, colour(rank)));
        }
        return styles.toString();
    }

    private static int colour(int rank) {
        int colour = COLOURS[rank % COLOURS.length];
        return switch (rank / COLOURS.length) {
            case 0 -> colour;
            case 1 -> mixed(colour, 0x000000, 0.45);
            default -> mixed(colour, 0xffffff, 0.5);
        };
    }

    private static int mixed(int colour, int other, double part) {
        int result = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double value = (colour >> shift & 0xff) * (1 - part) + (other >> shift & 0xff) * part;
            result |= (int) Math.round(value) << shift;
        }
        return result;
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "0 %" : number(Math.floor(1000.0 * part / whole) / 10) + " %";
    }

    private static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return number(value) + " " + units[unit];
    }

    /** With at most one digit behind the point. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** XML knows no control characters but the line feed, and no halves of characters. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default ->
                    escaped.appendCodePoint(
                            character != '\n' && Character.isISOControl(character)
                                            || character >= Character.MIN_SURROGATE
                                                    && character <= Character.MAX_SURROGATE
                                            || (character & 0xfffe) == 0xfffe
                                    ? 0xfffd
                                    : character);
            }
        });
        return escaped.toString();
    }
}
