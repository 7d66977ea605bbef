// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import dev.holdfast.liveupdate.Timeline;
import dev.holdfast.vm.guest.kvm.ResumingGuests;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The demo as one HTML page, which needs no other file: what was verified, the pause by its parts, and the region before and after.
 *
 * @param done what was found
 */
record DemoPage(MainJob.Done done) {
    private static final int WIDTH = 1100;
    private static final int LABELS = 150;
    private static final int ROW = 26;
    private static final int BAR = 16;

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Holdfast demo</title>
            <style>
            body { font-family: "Inter", "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1f2933; margin: 2rem auto; max-width: 1200px; }
            table { border-collapse: collapse; } td, th { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid #e4e7eb; }
            .ok { color: #009e73; } .wrong { color: #d55e00; font-weight: 600; } svg, img { max-width: 100%; height: auto; }
            .running { fill: #009e73; } .paused { fill: #d55e00; } .jump { fill: #e69f00; } .label { font-size: 13px; fill: #1f2933; }
            </style></head><body>
            """;

    String html() {
        DemoResult result = done.result();
        return HEAD
                + element("h1", "A guest that does not notice that its kernel is replaced")
                + element(
                        "p",
                        result.kernelBefore() + " → " + result.kernelAfter() + ", " + result.accelerator() + ": "
                                + (result.passed() ? "passed" : "FAILED"))
                + element("h2", "What was verified") + table()
                + element("h2", "The pause, by its parts") + pause() + bars(result.timeline())
                + element("h2", "The region before") + picture(done.layoutBefore())
                + element("h2", "The region after") + picture(done.layoutAfter()) + "</body></html>\n";
    }

    /** As an image, for its styles are its own. */
    private static String picture(String svg) {
        String bytes = Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8));
        return "<img alt=\"map of the region\" src=\"data:image/svg+xml;base64," + bytes + "\">\n";
    }

    private static String element(String name, String text) {
        return "<" + name + ">" + escaped(text) + "</" + name + ">\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private String table() {
        return Checks.of(done.result()).stream()
                .map(check -> "<tr><td>" + escaped(check.what()) + "</td><td>" + escaped(check.found())
                        + "</td><td class=\"" + (check.good() ? "ok\">ok" : "wrong\">WRONG") + "</td></tr>\n")
                .collect(Collectors.joining("", "<table>\n", "</table>\n"));
    }

    private String pause() {
        Map<String, Long> parts = done.result().pauseMillis();
        return element(
                "p",
                parts.entrySet().stream()
                        .map(part -> part.getKey() + " " + part.getValue() + " ms")
                        .collect(Collectors.joining(
                                ", ", "", ". The clock that is read across the jump knows seconds only.")));
    }

    /** A bar for each phase, all on one scale. */
    private static String bars(List<ResumingGuests.Phase> timeline) {
        long start = timeline.get(0).startMicros();
        long end = timeline.stream()
                .mapToLong(phase -> phase.startMicros() + phase.micros())
                .max()
                .orElse(start);
        double scale = (WIDTH - LABELS) / (double) Math.max(1, end - start);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT, "<svg width=\"%d\" height=\"%d\" role=\"img\">%n", WIDTH, ROW * timeline.size()));
        int top = 0;
        for (ResumingGuests.Phase phase : timeline) {
            String label = (phase.step().name().toLowerCase(Locale.ROOT) + " " + phase.participant()).strip();
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class=\"label\" x=\"0\" y=\"%d\">%s</text><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                            + " height=\"%d\"><title>%d µs</title></rect>%n",
                    top + BAR,
                    escaped(label),
                    colour(phase.step()),
                    LABELS + (phase.startMicros() - start) * scale,
                    top + 3,
                    Math.max(1.5, phase.micros() * scale),
                    BAR,
                    phase.micros()));
            top += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String colour(Timeline.Step step) {
        return switch (step) {
            case CHECK, LOAD -> "running";
            case JUMP -> "jump";
            case QUIESCE, SAVE, RESTORE -> "paused";
        };
    }
}
