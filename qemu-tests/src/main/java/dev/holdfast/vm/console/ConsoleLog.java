// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.console;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The console's lines, kept in a file with the seconds since QEMU started, the last 400 also in memory. */
public final class ConsoleLog implements AutoCloseable {

    private static final int SHOWN = 40;
    private static final int KEPT = 400;
    private static final int BEFORE = 4;

    private final Path file;
    private final BufferedWriter writer;
    private final Deque<String> tail = new ArrayDeque<>();
    private final long start = System.nanoTime();

    /** Appends to a file, so that the boots of one test stand in one log. */
    public ConsoleLog(Path file) throws IOException {
        this.file = file;
        this.writer = Files.newBufferedWriter(
                file,
                StandardCharsets.UTF_8,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** Adds a line. */
    public synchronized void add(String line) throws IOException {
        double seconds = (System.nanoTime() - start) / 1e9;
        String stamped = String.format(Locale.ROOT, "%9.3f  %s", seconds, line);
        writer.write(stamped);
        writer.newLine();
        writer.flush();
        tail.addLast(stamped);
        if (tail.size() > KEPT) {
            tail.removeFirst();
        }
    }

    /** The last 40 lines. */
    public synchronized List<String> tail() {
        return tail.stream().skip(Math.max(0, tail.size() - SHOWN)).toList();
    }

    /** 40 lines from a few before the first that ends with {@code line}; the last 40 if there is none. */
    public synchronized List<String> around(String line) {
        List<String> kept = List.copyOf(tail);
        for (int index = 0; index < kept.size(); index++) {
            if (kept.get(index).endsWith(line)) {
                return kept.subList(Math.max(0, index - BEFORE), Math.min(kept.size(), index - BEFORE + SHOWN));
            }
        }
        return tail();
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
