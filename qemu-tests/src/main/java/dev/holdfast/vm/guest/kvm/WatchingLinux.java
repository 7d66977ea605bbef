// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.vm.guest.GuestTask;

/** Types a line for a Linux guest, and waits until it has said that back and gone on for {@link #ROUNDS}. */
public final class WatchingLinux implements GuestTask<WatchingLinux.Args, LinuxSeen> {
    /** As often does it go on at least. */
    public static final int ROUNDS = 10;

    /**
     * Whom to watch.
     *
     * @param name the guest
     * @param typed what to type, without a line break
     */
    public record Args(String name, String typed) {}

    @Override
    public LinuxSeen run(Args args, Progress progress) throws InterruptedException {
        return KvmGuest.awaitLinux(args.name(), args.typed(), ROUNDS);
    }
}
