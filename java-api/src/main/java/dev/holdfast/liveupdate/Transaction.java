// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import dev.holdfast.KexecImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * All participants stand still, have saved and are gone into the next kernel; or none has. The kernel is loaded before anybody stops:
 * nobody waits for that.
 */
final class Transaction {
    private final Kernel kernel;
    private final List<Participant> participants;
    private final Keeper keeper;
    private final Deque<Participant> stopped = new ArrayDeque<>();
    private Timeline timeline;

    /** Where the timeline is kept over the jump. */
    interface Keeper {
        void keep(Timeline timeline);

        /** Forgets it, if it was kept. */
        void drop();
    }

    Transaction(Kernel kernel, List<Participant> participants, Keeper keeper, Timeline before) {
        this.kernel = kernel;
        this.participants = participants;
        this.keeper = keeper;
        this.timeline = before;
    }

    /** Jumps, or throws with everything as it was, but for a kernel that was loaded before. */
    void run(KexecImage image) {
        timeline = timed(timeline, Timeline.Step.LOAD, "", () -> kernel.load(image));
        try {
            for (Participant participant : participants) {
                stopped.push(participant);
                each(Timeline.Step.QUIESCE, "quiesce", participant, Participant::quiesce);
            }
            for (Participant participant : participants) {
                each(Timeline.Step.SAVE, "save", participant, Participant::save);
            }
            timeline = timeline.with(new Timeline.Phase(Timeline.Step.JUMP, "", Instant.now(), Duration.ZERO));
            keeper.keep(timeline);
            kernel.jump();
        } catch (RuntimeException | Error e) {
            takeBack(e);
            throw e;
        }
    }

    private void each(Timeline.Step step, String verb, Participant participant, Stepper.Step method) {
        timeline = timed(timeline, step, participant.name(), () -> Stepper.run(verb, participant, method));
    }

    static Timeline timed(Timeline timeline, Timeline.Step step, String participant, Runnable work) {
        Instant start = Instant.now();
        long from = System.nanoTime();
        work.run();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        return timeline.with(new Timeline.Phase(step, participant, start, took));
    }

    /** The guests first: who stopped last goes on first. An interrupt waits until all of them do. */
    private void takeBack(Throwable cause) {
        boolean interrupted = Thread.interrupted();
        while (!stopped.isEmpty()) {
            Participant participant = stopped.pop();
            attempt(cause, () -> Stepper.run("abort", participant, Participant::abort));
        }
        attempt(cause, keeper::drop);
        attempt(cause, kernel::unload);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(Throwable cause, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        }
    }
}
