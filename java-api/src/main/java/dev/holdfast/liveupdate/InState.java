// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import dev.holdfast.StateFile;
import java.time.DateTimeException;
import java.util.Optional;

/** The timeline in a state file of a region. */
record InState(StateFile file) implements Transaction.Keeper {
    @Override
    public void keep(Timeline timeline) {
        file.replace(timeline.toBytes());
    }

    @Override
    public void drop() {
        if (file.exists()) {
            file.remove();
        }
    }

    /**
     * What was kept, and is not any more; empty if nothing was.
     *
     * @throws LiveUpdateException if something else is in the file, which is left as it is
     */
    Optional<Timeline> take() {
        if (!file.exists()) {
            return Optional.empty();
        }
        Timeline timeline;
        try {
            timeline = Timeline.of(file.read());
            if (!timeline.jumps()) {
                throw new IllegalArgumentException("the last phase is no jump");
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new LiveUpdateException(
                    "everybody goes on, but the state " + file.name() + " holds no timings; remove it", e);
        }
        file.remove();
        return Optional.of(timeline);
    }
}
