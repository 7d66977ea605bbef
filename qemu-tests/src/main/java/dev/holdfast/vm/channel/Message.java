// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.channel;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;

/**
 * What host and agent say to each other.
 *
 * @param kind what it is
 * @param id number of the request that it is, or answers; 0 for {@link Kind#HELLO}
 * @param task class name of the task to run; empty in answers
 * @param body the arguments, the result, or one of the records below
 */
public record Message(Kind kind, long id, String task, JsonElement body) {

    /** Kinds of messages. */
    public enum Kind {
        /** Agent: up and ready; body is {@link Hello}. */
        HELLO,
        /** Host: run a task; body is its arguments. */
        RUN,
        /** Agent: a task tells how far it has come; body is a string. */
        PROGRESS,
        /** Agent: a task has ended; body is what it returned. */
        RESULT,
        /** Agent: a task has thrown; body is {@link Thrown}. */
        ERROR
    }

    /**
     * The agent is ready.
     *
     * @param release kernel release, as {@code uname -r} prints it
     * @param commandLine the kernel's command line
     * @param uptimeMillis the kernel's clock, in milliseconds
     * @param memFreeBytes free memory as in /proc/meminfo, in bytes
     */
    public record Hello(String release, String commandLine, long uptimeMillis, long memFreeBytes) {}

    /**
     * A task has thrown.
     *
     * @param type class name of the exception
     * @param message its message
     * @param trace its stack trace, one line each
     */
    public record Thrown(String type, String message, String trace) {}

    /** An answer without a task name. */
    public static Message answer(Kind kind, long id, JsonElement body) {
        return new Message(kind, id, "", body);
    }

    /** An empty body. */
    public static JsonElement nothing() {
        return JsonNull.INSTANCE;
    }
}
