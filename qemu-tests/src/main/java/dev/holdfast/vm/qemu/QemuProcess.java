// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.file.PathUtils;

/**
 * A running QEMU. It ends when it is closed, and also when this process ends, in whatever way: a small shell beside it waits
 * for the end of its input, which only this process holds, and then kills it.
 */
public final class QemuProcess implements AutoCloseable {

    private static final String GUARD = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            vm=$!
            { read -r _; kill -KILL $vm; } <&3 3<&- >/dev/null 2>&1 &
            guard=$!
            wait $vm
            status=$?
            kill $guard
            exit $status
            """;

    private final Process guard;
    private final SocketChannel channel;
    private final Qmp protocol;
    private final long pid;

    private QemuProcess(Process guard, SocketChannel channel, Qmp protocol, long pid) {
        this.guard = guard;
        this.channel = channel;
        this.protocol = protocol;
        this.pid = pid;
    }

    /** Starts QEMU and connects to it. What QEMU itself has to say goes to {@code errorLog}. */
    public static QemuProcess start(QemuCommand command, Path errorLog) throws IOException {
        // Of its own, and short: the path of a socket has at most 107 bytes.
        Path sockets = Files.createTempDirectory("holdfast-vm-");
        try (ServerSocketChannel channels = listen(sockets.resolve("channel"));
                ServerSocketChannel protocols = listen(sockets.resolve("qmp"))) {
            Path pidFile = sockets.resolve("pid");
            List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "holdfast-guard"));
            words.addAll(command.words(sockets.resolve("channel"), sockets.resolve("qmp"), pidFile));
            Process guard = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errorLog.toFile()))
                    .start();
            try {
                SocketChannel channel = accept(channels, guard, errorLog);
                Qmp protocol = new Qmp(accept(protocols, guard, errorLog));
                long pid = Long.parseLong(Files.readString(pidFile).strip());
                return new QemuProcess(guard, channel, protocol, pid);
            } catch (IOException e) {
                end(guard);
                throw new HarnessException(
                        "QEMU ended at once: " + Files.readString(errorLog).strip(), e);
            } catch (RuntimeException e) {
                end(guard);
                throw e;
            }
        } finally {
            PathUtils.deleteDirectory(sockets);
        }
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    private static SocketChannel accept(ServerSocketChannel listener, Process guard, Path errorLog) throws IOException {
        listener.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            while (selector.select(100) == 0) {
                if (!guard.isAlive()) {
                    throw new HarnessException(
                            "QEMU did not start: " + Files.readString(errorLog).strip());
                }
            }
            SocketChannel connection = listener.accept();
            connection.configureBlocking(true);
            return connection;
        }
    }

    /** What the VM writes to its first serial port. */
    public InputStream console() {
        return guard.getInputStream();
    }

    /** The VM's second serial port. */
    public SocketChannel channel() {
        return channel;
    }

    /** QEMU's machine protocol. */
    public Qmp protocol() {
        return protocol;
    }

    /** QEMU's process number. */
    public long pid() {
        return pid;
    }

    /** Completes with QEMU's exit code; 137 if it was killed. */
    public CompletableFuture<Integer> onExit() {
        return guard.onExit().thenApply(Process::exitValue);
    }

    @Override
    public void close() throws IOException {
        end(guard);
        channel.close();
        protocol.close();
    }

    private static void end(Process guard) throws IOException {
        guard.getOutputStream().close();
        try {
            if (!guard.waitFor(10, TimeUnit.SECONDS)) {
                guard.descendants().forEach(ProcessHandle::destroyForcibly);
                guard.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            guard.descendants().forEach(ProcessHandle::destroyForcibly);
            guard.destroyForcibly();
        }
    }
}
