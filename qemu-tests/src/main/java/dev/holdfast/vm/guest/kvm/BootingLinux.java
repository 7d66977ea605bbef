// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.examples.guest.Linux;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import java.nio.file.Path;

/** Starts a Linux guest, by its name; the VM brought it along ({@code VmBuilder.linuxGuest}). */
public final class BootingLinux implements GuestTask<String, None> {
    private static final long SIZE = 256 << 20;
    private static final Path FILES = Path.of("/boot/guest");

    /** An emulated processor with KVM inside lets a guest set its extended control register behind KVM's back: no xsave. */
    private static final String COMMAND_LINE = "console=ttyS0 quiet panic=-1 noxsave";

    @Override
    public None run(String name, Progress progress) {
        KvmGuest.start(name, SIZE, new Linux(FILES.resolve("vmlinuz"), FILES.resolve("initrd"), COMMAND_LINE));
        return None.NONE;
    }
}
