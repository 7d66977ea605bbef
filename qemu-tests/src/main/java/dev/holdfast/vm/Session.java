// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.console.ConsoleLog;
import dev.holdfast.vm.console.ConsoleWatcher;
import dev.holdfast.vm.console.Trouble;
import dev.holdfast.vm.qemu.QemuCommand;
import dev.holdfast.vm.qemu.QemuProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of QEMU: everything that happens to it arrives in one queue, and whoever waits for something gets what is wrong as
 * an exception instead.
 */
final class Session implements AutoCloseable {

    private static final long SETTLE_MILLIS = 5_000;

    private final QemuProcess qemu;
    private final String nonce;
    private final ConsoleLog log;
    private final ConsoleWatcher watcher;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CountDownLatch channelEnded = new CountDownLatch(1);
    private final long start = System.nanoTime();
    private volatile boolean told;
    private boolean failed;

    private Session(QemuProcess qemu, String nonce, ConsoleLog log) {
        this.qemu = qemu;
        this.nonce = nonce;
        this.log = log;
        this.watcher = new ConsoleWatcher(log, (trouble, line) -> events.add(new Event.Troubled(trouble, line)));
    }

    static Session start(QemuCommand command, String nonce, Path console, Path errors) throws IOException {
        ConsoleLog log = new ConsoleLog(console);
        try {
            Session session = new Session(QemuProcess.start(command, errors), nonce, log);
            session.listen();
            return session;
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private void listen() {
        watcher.start(qemu.console());
        Thread channel = new Thread(this::readChannel, "channel");
        channel.setDaemon(true);
        channel.start();
        CompletableFuture<Void> unused = qemu.onExit().thenAccept(exitCode -> events.add(new Event.Exited(exitCode)));
    }

    private void readChannel() {
        try (BufferedReader lines = new BufferedReader(Channels.newReader(qemu.channel(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Frame.decode(nonce, line).ifPresent(frame -> events.add(new Event.Said(frame)));
            }
        } catch (IOException e) {
            // QEMU was ended while its channel was being read; that it ended is told by another event.
        } finally {
            channelEnded.countDown();
        }
    }

    QemuProcess qemu() {
        return qemu;
    }

    boolean isRunning() {
        return !qemu.onExit().isDone();
    }

    /** Whether the console has told of trouble. */
    boolean isTroubled() {
        return told || firstTrouble().isPresent();
    }

    ConsoleWatcher watcher() {
        return watcher;
    }

    /** When QEMU was started, as {@link System#nanoTime} counts. */
    long start() {
        return start;
    }

    void send(String json) {
        ByteBuffer bytes = ByteBuffer.wrap(Frame.encode(nonce, json).getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                qemu.channel().write(bytes);
            }
        } catch (IOException e) {
            throw exited();
        }
    }

    /** The next line of the channel. {@code waitingFor} says in a failure what did not come. */
    Frame next(Duration deadline, String waitingFor) {
        try {
            return await(deadline, waitingFor);
        } catch (VmFailure e) {
            failed = true;
            throw e;
        }
    }

    private Frame await(Duration deadline, String waitingFor) {
        Event event = poll(deadline);
        if (event == null) {
            throw new TimedOut("no " + waitingFor + " within " + deadline.toSeconds() + " s", evidence());
        }
        if (event instanceof Event.Said said) {
            return accepted(said.frame());
        }
        throw failure(event);
    }

    /** Whether somebody who waited got a failure: there is no use in asking this VM for more. */
    boolean failed() {
        return failed;
    }

    /** Waits for QEMU to end by itself. What else is said until then is dropped. */
    void awaitExit(Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            Event event = poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            if (event == null) {
                throw new TimedOut("the VM did not end within " + deadline.toSeconds() + " s", evidence());
            }
            if (event instanceof Event.Exited) {
                settle();
                firstTrouble().ifPresent(trouble -> {
                    throw failure(trouble);
                });
                return;
            }
            if (event instanceof Event.Troubled) {
                throw failure(event);
            }
        }
    }

    private @Nullable Event poll(Duration deadline) {
        try {
            return events.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HarnessException("interrupted while waiting for a VM", e);
        }
    }

    private Frame accepted(Frame frame) {
        if (frame instanceof Frame.Failed failed) {
            throw new BootFailed("init could not go on: " + failed.reason(), evidence());
        }
        if (frame instanceof Frame.Garbled garbled) {
            throw new Garbled("a line of the channel is damaged: " + garbled.line(), evidence());
        }
        return frame;
    }

    /** What to throw for an event that nobody wanted, after the console has said the rest. */
    private VmFailure failure(Event event) {
        settle();
        if (event instanceof Event.Troubled troubled) {
            return of(troubled);
        }
        return firstTrouble().map(this::of).orElseGet(this::exited);
    }

    private VmFailure of(Event.Troubled troubled) {
        told = true;
        String what = troubled.trouble().title() + ": " + troubled.line().strip();
        VmFailure.Evidence evidence = new VmFailure.Evidence(log.file(), log.around(troubled.line()));
        return switch (troubled.trouble()) {
            case PANIC -> new Panicked(what, evidence);
            case NO_INIT -> new BootFailed(what, evidence);
            default -> new Oopsed(what, evidence);
        };
    }

    private VmFailure exited() {
        settle();
        for (Event event : events) {
            if (event instanceof Event.Said said && said.frame() instanceof Frame.Failed failed) {
                return new BootFailed("init could not go on: " + failed.reason(), evidence());
            }
        }
        return new ExitedEarly("QEMU ended while the test still needed the VM", evidence());
    }

    private Optional<Event.Troubled> firstTrouble() {
        return events.stream()
                .filter(Event.Troubled.class::isInstance)
                .map(Event.Troubled.class::cast)
                .findFirst();
    }

    /** Lets the kernel finish what it has to say: until QEMU ends, which it does after a panic, or for a few seconds. */
    private void settle() {
        try {
            if (!watcher.awaitEnd(SETTLE_MILLIS)) {
                return;
            }
            if (!channelEnded.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new HarnessException("QEMU has ended, its channel has not");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    VmFailure.Evidence evidence() {
        return new VmFailure.Evidence(log.file(), log.tail());
    }

    /** Ends QEMU and returns the trouble that nobody has been told of. */
    List<VmFailure> end() throws IOException {
        qemu.close();
        settle();
        log.close();
        return told ? List.of() : firstTrouble().map(this::of).stream().toList();
    }

    @Override
    public void close() throws IOException {
        end();
    }

    /** The expected trouble, for messages. */
    boolean stillExpects(Trouble trouble) {
        return watcher.expects(trouble);
    }
}
