// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.liveupdate.Timeline;
import dev.holdfast.vm.guest.Agent;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.KernelWords;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets a guest go on before the agent does anything else, as a hypervisor would that the init of the next kernel starts. Asked for by {@link
 * #words}.
 */
public final class ResumingFirst implements Runnable {
    /** In front of the region and the guest, on the kernel's command line. */
    public static final String GUEST = "holdfast.guest=";

    private static final AtomicReference<Timeline> RESUMED = new AtomicReference<>();

    /** For the next kernel's command line. */
    public static String words(PhysicalRange region, String guest) {
        return Agent.FIRST + ResumingFirst.class.getName() + " " + GUEST + region.base() + "," + region.size() + ","
                + guest;
    }

    @Override
    public void run() {
        try {
            String[] words = KernelWords.value(GUEST).orElseThrow().split(",", 3);
            Files.createDirectories(Mounting.POINT);
            Region region =
                    Region.mount(new PhysicalRange(Long.parseLong(words[0]), Long.parseLong(words[1])), Mounting.POINT);
            RESUMED.set(LiveUpdate.resume(region, KvmGuest.find(words[2])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says what was done, when the guest is seen to run. */
    public static final class Told implements GuestTask<String, Told.Times> {
        /**
         * How long what the participant does takes, in milliseconds.
         *
         * @param quiesce until it stood still
         * @param save until it was saved
         * @param restore until it went on
         */
        public record Times(double quiesce, double save, double restore) {}

        @Override
        public Times run(String guest, Progress progress) throws InterruptedException {
            KvmGuest.awaitTicks(guest);
            Timeline timeline = Objects.requireNonNull(RESUMED.get());
            return new Times(
                    millis(timeline, Timeline.Step.QUIESCE),
                    millis(timeline, Timeline.Step.SAVE),
                    millis(timeline, Timeline.Step.RESTORE));
        }

        private static double millis(Timeline timeline, Timeline.Step step) {
            return timeline.phases().stream()
                            .filter(phase -> phase.step() == step)
                            .mapToLong(phase -> phase.took().toNanos() / 1000)
                            .sum()
                    / 1000.0;
        }
    }
}
