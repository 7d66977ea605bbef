// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the steps of participants, whose code is not to be trusted to end. */
final class Stepper {
    private Stepper() {}

    /** A method of a {@link Participant}. */
    interface Step {
        void run(Participant participant) throws Exception;
    }

    /**
     * Runs a step to its end or its deadline, when it is interrupted.
     *
     * @param verb what is done, for messages
     * @throws LiveUpdateException if it fails, takes too long, or this thread is interrupted, and stays so
     */
    static void run(String verb, Participant participant, Step step) {
        String what = "cannot " + verb + " " + participant.name() + ": ";
        FutureTask<Void> task = new FutureTask<>(() -> {
            step.run(participant);
            return null;
        });
        Thread thread = new Thread(task, "live-update-" + verb);
        thread.setDaemon(true);
        thread.start();
        Duration deadline = participant.deadline();
        try {
            // As long as can be told, if the deadline is longer.
            task.get(TimeUnit.NANOSECONDS.convert(deadline), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new LiveUpdateException(what + why(cause), cause);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new LiveUpdateException(
                    what + "it takes longer than its deadline, " + deadline.toMillis() + " ms", null);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new LiveUpdateException(what + "the thread was interrupted", e);
        }
    }

    /** In one line. */
    static String why(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
