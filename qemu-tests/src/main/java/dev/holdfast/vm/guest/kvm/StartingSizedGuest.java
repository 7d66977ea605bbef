// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.examples.guest.Checker;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;

/** Starts a guest with so much memory. */
public final class StartingSizedGuest implements GuestTask<StartingSizedGuest.Args, None> {

    /**
     * Which one.
     *
     * @param name its name
     * @param bytes its memory, in bytes
     */
    public record Args(String name, long bytes) {}

    @Override
    public None run(Args args, Progress progress) {
        KvmGuest.start(args.name(), args.bytes(), Checker::load);
        return None.NONE;
    }
}
