// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.KernelClock;
import dev.holdfast.vm.guest.None;
import java.io.IOException;

/** A test's own code, of which the first line looks at the kernel's clock; tells it in ms. */
public final class FirstLine implements GuestTask<None, Long> {

    @Override
    public Long run(None nothing, Progress progress) throws IOException {
        return KernelClock.millis();
    }
}
