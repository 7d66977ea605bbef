// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleWatcherTest {

    private static final String PANIC = "Kernel panic - not syncing: one";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<Trouble> reported = new CopyOnWriteArrayList<>();

    @Test
    void keeps_every_line_and_reports_trouble() throws Exception {
        Path file = directory.resolve("console.log");
        try (ConsoleLog log = new ConsoleLog(file)) {
            watch(log, "booting\n" + PANIC + "\nrebooting\nhalf a li");

            assertThat(reported).containsExactly(Trouble.PANIC);
            assertThat(log.tail()).hasSize(4).last().asString().endsWith("half a li");
            assertThat(log.around(PANIC).get(1)).endsWith(PANIC);
        }
        assertThat(Files.readAllLines(file)).hasSize(4).first().asString().matches(" +[0-9]+\\.[0-9]{3} {2}booting");
    }

    @Test
    void expected_trouble_is_expected_once() throws Exception {
        try (ConsoleLog log = new ConsoleLog(directory.resolve("console.log"))) {
            ConsoleWatcher watcher = watcher(log);
            watcher.expect(Trouble.PANIC);

            run(watcher, PANIC + "\n" + PANIC + "\n");

            assertThat(watcher.expects(Trouble.PANIC)).isFalse();
            assertThat(reported).containsExactly(Trouble.PANIC);
        }
    }

    private void watch(ConsoleLog log, String console) throws InterruptedException {
        run(watcher(log), console);
    }

    private ConsoleWatcher watcher(ConsoleLog log) {
        return new ConsoleWatcher(log, (trouble, line) -> reported.add(trouble));
    }

    private static void run(ConsoleWatcher watcher, String console) throws InterruptedException {
        watcher.start(new ByteArrayInputStream(console.getBytes(StandardCharsets.UTF_8)));
        assertThat(watcher.awaitEnd(10_000)).isTrue();
    }

    @Test
    void the_lines_around_trouble_are_forty() throws IOException {
        try (ConsoleLog log = new ConsoleLog(directory.resolve("console.log"))) {
            for (int line = 0; line < 100; line++) {
                log.add("line " + line);
            }

            assertThat(log.around("line 50")).hasSize(40);
            assertThat(log.around("line 50").get(4)).endsWith("line 50");
            assertThat(log.around("no such line")).isEqualTo(log.tail());
        }
    }
}
