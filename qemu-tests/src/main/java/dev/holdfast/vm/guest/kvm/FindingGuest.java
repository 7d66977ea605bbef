// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.vm.guest.GuestTask;

/** Finds a guest that does not run, by its name, and looks at it. */
public final class FindingGuest implements GuestTask<String, Seen> {
    @Override
    public Seen run(String name, Progress progress) {
        KvmGuest.find(name);
        return KvmGuest.look(name);
    }
}
