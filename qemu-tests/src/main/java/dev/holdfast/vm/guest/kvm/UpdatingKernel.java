// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.KexecCommandLine;
import dev.holdfast.Preflight;
import dev.holdfast.Region;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.liveupdate.Participant;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Leaving;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Replaces the kernel under guests; never returns. */
public final class UpdatingKernel implements GuestTask<UpdatingKernel.Args, None> {

    /**
     * What to do.
     *
     * @param kernel kernel image
     * @param initrd its initrd
     * @param commandLine its command line
     * @param unpacking whether kernel and initrd are unpacked before the jump
     * @param guests names of those that take part
     */
    public record Args(String kernel, String initrd, String commandLine, boolean unpacking, List<String> guests) {

        /** The update, with nobody in it. */
        public LiveUpdate of(Region region) {
            LiveUpdate update = LiveUpdate.into(Path.of(kernel), Path.of(initrd))
                    .carrying(region)
                    .commandLine(new KexecCommandLine(commandLine));
            return unpacking ? update : update.withoutUnpacking();
        }
    }

    @Override
    public None run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            LiveUpdate update = args.of(region);
            List<Participant> guests = new ArrayList<>();
            args.guests().forEach(name -> guests.add(KvmGuest.get(name)));
            if (!guests.isEmpty()) {
                guests.set(0, new Telling(guests.get(0), progress));
            }
            guests.forEach(update::with);
            Preflight preflight = update.check();
            if (!preflight.findings().isEmpty()) {
                throw new IllegalStateException(preflight.findings().toString());
            }
            if (guests.isEmpty()) {
                progress.say(Leaving.LAST_WORD);
            }
            update.execute();
        }
        throw new IllegalStateException("still running after a live update");
    }

    /** Says the last word when the first guest has to stop: the time of those outside starts here. */
    private record Telling(Participant guest, Progress progress) implements Participant {
        @Override
        public String name() {
            return guest.name();
        }

        @Override
        public Duration deadline() {
            return guest.deadline();
        }

        @Override
        public void quiesce() throws Exception {
            progress.say(Leaving.LAST_WORD);
            guest.quiesce();
        }

        @Override
        public void save() throws Exception {
            guest.save();
        }

        @Override
        public void restore() throws Exception {
            guest.restore();
        }

        @Override
        public void abort() throws Exception {
            guest.abort();
        }
    }
}
