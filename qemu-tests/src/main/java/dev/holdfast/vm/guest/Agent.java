// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import com.google.gson.Gson;
import com.google.gson.JsonPrimitive;
import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.channel.Message;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs inside the VM: does what the kernel's command line asks for first, says hello, then runs the tasks that come over the channel,
 * one after the other, until the VM ends. The channel is read by a thread of its own, so that the serial port never fills up.
 */
public final class Agent {
    /**
     * In front of the name of a {@link Runnable} that is run before all else, on the kernel's command line. When it is done, that is the
     * stage {@link #FIRST_DONE}.
     */
    public static final String FIRST = "holdfast.first=";

    /** A stage of the start: Java runs. */
    public static final String STARTED = "agent";

    /** A stage of the start: what is to be done first is done. */
    public static final String FIRST_DONE = "first-done";

    private final String nonce;
    private final OutputStream out;
    private final Gson gson = new Gson();

    Agent(String nonce, OutputStream out) {
        this.nonce = nonce;
        this.out = out;
    }

    /** Started by {@code /sbin/start} with the nonce and the serial port, or with {@code --rehearse}. */
    public static void main(String[] args) throws IOException {
        if (args.length == 1 && args[0].equals("--rehearse")) {
            Rehearsal.run();
            return;
        }
        ExecutorService worker = Executors.newSingleThreadExecutor(work -> new Thread(work, "task"));
        try (OutputStream out = new FileOutputStream(args[1]);
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(new FileInputStream(args[1]), StandardCharsets.UTF_8))) {
            say(STARTED, args[0], out);
            doFirst(KernelWords.value(FIRST), args[0], out);
            Agent agent = new Agent(args[0], out);
            agent.hello();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                agent.receive(line, worker);
            }
        }
    }

    private static void doFirst(Optional<String> name, String nonce, OutputStream out) throws IOException {
        if (name.isPresent()) {
            try {
                Class<?> first = Class.forName(name.get());
                ((Runnable) first.getDeclaredConstructor().newInstance()).run();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot do first what the command line asks for: " + name.get(), e);
            }
            say(FIRST_DONE, nonce, out);
        }
    }

    private static void say(String stage, String nonce, OutputStream out) throws IOException {
        out.write(Frame.encodeStage(nonce, stage, KernelClock.millis()).getBytes(StandardCharsets.UTF_8));
    }

    void hello() throws IOException {
        Message.Hello hello = new Message.Hello(
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                Files.readString(Path.of("/proc/cmdline")).strip(),
                KernelClock.millis(),
                memFree());
        send(Message.answer(Message.Kind.HELLO, 0, gson.toJsonTree(hello)));
    }

    private void receive(String line, ExecutorService worker) {
        Frame frame = Frame.decode(nonce, line).orElse(null);
        if (frame instanceof Frame.Json json) {
            Message request = gson.fromJson(json.text(), Message.class);
            worker.execute(() -> send(answer(request)));
        } else if (frame != null) {
            send(Message.answer(
                    Message.Kind.ERROR, 0, gson.toJsonTree(new Message.Thrown("garbled request", line, ""))));
        }
    }

    /** Runs the task of a request; whatever it throws becomes the answer. */
    Message answer(Message request) {
        try {
            TaskRunner runner = new TaskRunner(
                    gson, line -> send(Message.answer(Message.Kind.PROGRESS, request.id(), new JsonPrimitive(line))));
            return Message.answer(Message.Kind.RESULT, request.id(), runner.run(request.task(), request.body()));
        } catch (Throwable thrown) {
            return Message.answer(Message.Kind.ERROR, request.id(), gson.toJsonTree(TaskRunner.describe(thrown)));
        }
    }

    private synchronized void send(Message message) {
        try {
            out.write(Frame.encode(nonce, gson.toJson(message)).getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the channel is gone", e);
        }
    }

    private static long memFree() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemFree:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .sum();
    }
}
