// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.vm.guest.GuestTask;

/** Waits for a guest to go on through its memory {@link #PASSES} times, and looks at it. */
public final class WatchingGuest implements GuestTask<String, Seen> {
    /** As often does it go on at least, on each processor. */
    public static final int PASSES = 3;

    @Override
    public Seen run(String name, Progress progress) throws InterruptedException {
        return KvmGuest.await(name, PASSES);
    }
}
