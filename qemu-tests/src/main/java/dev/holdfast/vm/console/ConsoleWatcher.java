// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Reads the console to its end on a thread of its own, logs each line, and reports the first trouble it tells of, unless
 * that was expected.
 */
public final class ConsoleWatcher {

    private final ConsoleLog log;
    private final BiConsumer<Trouble, String> onTrouble;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Trouble> expected = EnumSet.noneOf(Trouble.class);

    /** Watches; {@code onTrouble} gets the kind and the line, on the watcher's thread. */
    public ConsoleWatcher(ConsoleLog log, BiConsumer<Trouble, String> onTrouble) {
        this.log = log;
        this.onTrouble = onTrouble;
    }

    /** Starts reading. */
    public void start(InputStream console) {
        Thread reader = new Thread(() -> read(console), "console");
        reader.setDaemon(true);
        reader.start();
    }

    /** The next trouble of this kind is what the test wants, once. */
    public synchronized void expect(Trouble trouble) {
        expected.add(trouble);
    }

    /** Whether an expected trouble has not come yet. */
    public synchronized boolean expects(Trouble trouble) {
        return expected.contains(trouble);
    }

    /** Waits for the console to end. */
    public boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    private void read(InputStream console) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(console, StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                inspect(line);
            }
        } catch (IOException e) {
            // QEMU was ended while its console was being read: what there was is in the log.
        } finally {
            ended.countDown();
        }
    }

    private void inspect(String line) {
        Trouble.in(line)
                .filter(trouble -> !takeExpected(trouble))
                .ifPresent(trouble -> onTrouble.accept(trouble, line));
    }

    private synchronized boolean takeExpected(Trouble trouble) {
        return expected.remove(trouble);
    }
}
