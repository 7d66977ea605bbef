// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Leaving;
import dev.holdfast.vm.guest.None;
import java.io.IOException;

/** Lets the kernel panic in the middle of an operation. */
final class Panicking implements GuestTask<Stopping.Stop, None> {

    @Override
    public None run(Stopping.Stop stop, Progress progress) throws IOException {
        stop.plot().prepare(stop.point().operation().before());
        progress.say(Leaving.LAST_WORD);
        FaultModule.stopAfter(stop.point().steps());
        stop.point().operation().run(stop.plot().root());
        throw new IOException(stop.point() + ": the operation returned");
    }
}
