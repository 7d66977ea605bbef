// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;

/** Ends all guests: the region can be unmounted then. */
public final class EndingGuests implements GuestTask<None, None> {
    @Override
    public None run(None none, Progress progress) {
        KvmGuest.endAll();
        return None.NONE;
    }
}
