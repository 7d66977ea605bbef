// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.liveupdate.Participant;
import java.nio.file.Path;
import java.time.Duration;

/** The examples of README.md: compiled here, compared by {@link ReadmeTest}. */
final class ReadmeExample {
    private static final PhysicalRange RANGE = PhysicalRange.parse("1G$0x100000000");
    private static final Path MOUNT_POINT = Path.of("/mnt/holdfast");

    private ReadmeExample() {}

    static void replaceTheKernel(Path kernel, Path initrd, Hypervisor hypervisor) {
        Region region = Region.mount(RANGE, MOUNT_POINT);
        GuestMemory memory = region.guestMemory("vm-42").create(256L << 20);
        hypervisor.run(memory.address(), memory.size());

        byte[] machineState = hypervisor.pauseAndSave();
        region.state("vm-42").replace(machineState);
        String commandLine = KexecCommandLine.running().carrying(RANGE).text();
        Kexec.load(new KexecImage(kernel, initrd, commandLine));
        Kexec.execute();
    }

    static void goOnInTheNextKernel(Hypervisor hypervisor) {
        try (Region region = Region.mount(RANGE, MOUNT_POINT);
                GuestMemory memory = region.guestMemory("vm-42").open()) {
            byte[] machineState = region.state("vm-42").read();
            hypervisor.resume(memory.address(), memory.size(), machineState);
        }
    }

    static void update(Path kernel, Path initrd, Participant... guests) {
        try (Region region = Region.open(MOUNT_POINT)) {
            LiveUpdate update = LiveUpdate.into(kernel, initrd).carrying(region);
            for (Participant guest : guests) {
                update.with(guest);
            }
            update.execute();
        }
    }

    static Duration pauseOfAnUpdate(Participant... guests) {
        try (Region region = Region.open(MOUNT_POINT)) {
            return LiveUpdate.resume(region, guests).pause();
        }
    }

    /** What stands for the reader's own program. */
    interface Hypervisor {
        void run(long address, long size);

        byte[] pauseAndSave();

        void resume(long address, long size, byte[] machineState);
    }
}
