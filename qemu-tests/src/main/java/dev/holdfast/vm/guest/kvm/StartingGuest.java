// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;

/** Starts a guest, by its name. */
public final class StartingGuest implements GuestTask<String, None> {
    @Override
    public None run(String name, Progress progress) {
        KvmGuest.start(name);
        return None.NONE;
    }
}
