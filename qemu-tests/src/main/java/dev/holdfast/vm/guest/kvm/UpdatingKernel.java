// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.KexecCommandLine;
import dev.holdfast.Preflight;
import dev.holdfast.Region;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Leaving;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.nio.file.Path;
import java.util.List;

/** Replaces the kernel under guests; never returns. */
public final class UpdatingKernel implements GuestTask<UpdatingKernel.Args, None> {

    /**
     * What to do.
     *
     * @param kernel kernel image
     * @param initrd its initrd
     * @param commandLine its command line
     * @param guests names of those that take part
     */
    public record Args(String kernel, String initrd, String commandLine, List<String> guests) {

        /** The update, with nobody in it. */
        public LiveUpdate of(Region region) {
            return LiveUpdate.into(Path.of(kernel), Path.of(initrd))
                    .carrying(region)
                    .commandLine(new KexecCommandLine(commandLine));
        }
    }

    @Override
    public None run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            LiveUpdate update = args.of(region);
            args.guests().forEach(name -> update.with(KvmGuest.get(name)));
            Preflight preflight = update.check();
            if (!preflight.findings().isEmpty()) {
                throw new IllegalStateException(preflight.findings().toString());
            }
            progress.say(Leaving.LAST_WORD);
            update.execute();
        }
        throw new IllegalStateException("still running after a live update");
    }
}
