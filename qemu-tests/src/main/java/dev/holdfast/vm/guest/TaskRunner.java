// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import dev.holdfast.vm.channel.Message;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.util.Objects;

/** Finds a task by its class name and runs it with arguments from JSON. */
final class TaskRunner {

    private static final int TRACE_LIMIT = 6000;

    private final Gson gson;
    private final GuestTask.Progress progress;

    TaskRunner(Gson gson, GuestTask.Progress progress) {
        this.gson = gson;
        this.progress = progress;
    }

    JsonElement run(String className, JsonElement args) throws Exception {
        Class<?> type = Class.forName(className);
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        @SuppressWarnings("unchecked") // TaskTypes reads the declared A; the arguments are made for it
        GuestTask<Object, Object> task = (GuestTask<Object, Object>) constructor.newInstance();
        Object arguments = Objects.requireNonNull(gson.fromJson(args, TaskTypes.arguments(type)), "no arguments");
        return gson.toJsonTree(task.run(arguments, progress));
    }

    static Message.Thrown describe(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        String text = trace.toString();
        return new Message.Thrown(
                thrown.getClass().getName(),
                Objects.requireNonNullElse(thrown.getMessage(), ""),
                text.substring(0, Math.min(text.length(), TRACE_LIMIT)));
    }
}
