// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has participants go on behind a jump. */
final class Resumption {
    private final InState kept;

    Resumption(InState kept) {
        this.kept = kept;
    }

    /**
     * Whoever can go on goes on, whatever happens to another, or to the timeline. An interrupt ends the step that it comes in, and
     * stays.
     */
    Timeline run(List<Participant> participants) {
        Instant landed = Instant.now();
        Timeline timeline = new Timeline(List.of());
        LiveUpdateException failure = null;
        boolean interrupted = false;
        for (Participant participant : participants) {
            interrupted |= Thread.interrupted();
            try {
                timeline = Transaction.timed(
                        timeline,
                        Timeline.Step.RESTORE,
                        participant.name(),
                        () -> Stepper.run("restore", participant, Participant::restore));
            } catch (LiveUpdateException e) {
                failure = first(failure, e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
        return before(landed).then(timeline);
    }

    private static LiveUpdateException first(@Nullable LiveUpdateException failure, LiveUpdateException next) {
        if (failure == null) {
            return next;
        }
        failure.addSuppressed(next);
        return failure;
    }

    private Timeline before(Instant landed) {
        return kept.take().map(timeline -> timeline.landed(landed)).orElse(new Timeline(List.of()));
    }
}
