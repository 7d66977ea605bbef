// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import com.google.gson.Gson;
import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.channel.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Follows the start of a kernel from nothing to the agent's hello. */
final class BootProgress {

    private static final String INIT = "init";

    /** What systemd says at the end of the kernel before: {@code left-clean}, or {@code left-mounted} if a region still was. */
    private static final String LEFT = "left-";

    private final Session session;
    private final Deadlines deadlines;
    private boolean reachedInit;

    BootProgress(Session session, Deadlines deadlines) {
        this.session = session;
        this.deadlines = deadlines;
    }

    /** Waits for the hello; {@code leftAt} is when the start began, as {@link System#nanoTime} counts. */
    Boot await(long leftAt) {
        Map<String, Long> stages = new LinkedHashMap<>();
        long millisToInit = awaitInit(leftAt, stages);
        while (true) {
            Frame frame = session.next(deadlines.hello(), "hello of the agent after " + stages.keySet());
            if (frame instanceof Frame.Stage stage) {
                stages.put(stage.name(), stage.uptimeMillis());
            } else if (frame instanceof Frame.Json json) {
                Gson gson = new Gson();
                Message message = gson.fromJson(json.text(), Message.class);
                Message.Hello hello = gson.fromJson(message.body(), Message.Hello.class);
                stages.put("hello", hello.uptimeMillis());
                return new Boot(
                        hello.release(),
                        hello.commandLine(),
                        millisToInit,
                        millisSince(leftAt),
                        Collections.unmodifiableMap(stages),
                        hello.memFreeBytes());
            }
        }
    }

    /** Waits for init only; returns how long that took, in milliseconds. */
    long awaitInit(long leftAt) {
        return awaitInit(leftAt, new LinkedHashMap<>());
    }

    private long awaitInit(long leftAt, Map<String, Long> stages) {
        Frame frame = session.next(deadlines.init(), "sign of life from init");
        if (frame instanceof Frame.Stage stage && stage.name().startsWith(LEFT)) {
            stages.put(stage.name(), stage.uptimeMillis());
            frame = session.next(deadlines.init(), "sign of life from init after " + stage.name());
        }
        if (!(frame instanceof Frame.Stage stage) || !stage.name().equals(INIT)) {
            throw new BootFailed("before init came " + frame, session.evidence());
        }
        reachedInit = true;
        stages.put(INIT, stage.uptimeMillis());
        return millisSince(leftAt);
    }

    /** Whether there was a sign of init. */
    boolean reachedInit() {
        return reachedInit;
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
