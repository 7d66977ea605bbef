// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.Region;
import dev.holdfast.examples.vmm.PreservedGuest;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.liveupdate.Timeline;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.util.List;

/** Lets guests go on, by their names, behind {@link UpdatingKernel}. */
public final class ResumingGuests implements GuestTask<List<String>, ResumingGuests.Resumed> {

    /**
     * What was done for how long.
     *
     * @param step what
     * @param participant with whom, or an empty text
     * @param startMicros when it started, in microseconds of Unix time
     * @param micros how long it took, in microseconds
     */
    public record Phase(Timeline.Step step, String participant, long startMicros, long micros) {
        private static Phase of(Timeline.Phase phase) {
            return new Phase(
                    phase.step(),
                    phase.participant(),
                    phase.start().getEpochSecond() * 1_000_000 + phase.start().getNano() / 1000,
                    phase.took().toNanos() / 1000);
        }
    }

    /**
     * What was found and done.
     *
     * @param timeline all of the update
     * @param passes how many passes through their memory all processors of each guest had made when it was stopped
     * @param pauseMillis from the first that had to stop to the last one that went on, in milliseconds; a second more or less
     */
    public record Resumed(List<Phase> timeline, List<Long> passes, long pauseMillis) {}

    @Override
    public Resumed run(List<String> names, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            PreservedGuest[] guests = names.stream().map(KvmGuest::find).toArray(PreservedGuest[]::new);
            List<Long> passes = names.stream().map(KvmGuest::passes).toList();
            Timeline timeline = LiveUpdate.resume(region, guests);
            return new Resumed(
                    timeline.phases().stream().map(Phase::of).toList(),
                    passes,
                    timeline.pause().toMillis());
        }
    }
}
