// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Region;
import dev.holdfast.examples.guest.Linux;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import dev.holdfast.examples.vmm.PreservedGuest;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.kvm.BootingLinux;
import dev.holdfast.vm.guest.kvm.EndingGuests;
import dev.holdfast.vm.guest.kvm.LinuxReport;
import dev.holdfast.vm.guest.kvm.LinuxSeen;
import dev.holdfast.vm.guest.kvm.ResumingGuests;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import dev.holdfast.vm.guest.kvm.WatchingLinux;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A stock kernel of Linux, a guest of the hypervisor of the examples, does not notice that the kernel below it is replaced: by the newest
 * one, and by the one before again.
 */
@QemuTest
class LinuxGuestIT {
    private static final String NAME = "linux";

    /** It is slow, and its processors are emulated. */
    private static final Duration BOOT = Duration.ofMinutes(4);

    @Test
    void a_linux_guest_goes_on_and_its_kernel_has_nothing_to_say(VmBuilder builder, KernelList kernels) {
        List<KernelSpec> stops = aroundAndBack(kernels);
        try (Vm vm = builder.kernel(stops.get(0))
                .carrying(stops)
                .kvmInside()
                .linuxGuest(kernels.standard())
                .classesOf(Machine.class)
                .start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            vm.run(BootingLinux.class, NAME);
            LinuxReport last = watch(vm, "started").last();
            for (KernelSpec stop : stops.subList(1, stops.size())) {
                vm.jump(UpdatingKernel.class, vm.otherKernel(stop).carrying(List.of(NAME)));
                Inside.mount(vm);
                ResumingGuests.Resumed resumed = vm.run(ResumingGuests.class, List.of(NAME));
                LinuxSeen seen = watch(vm, "behind " + stop);
                assertThat(LinuxHistory.complaints(seen.others())).containsExactly("echo behind " + stop);
                assertThat(seen.serial()).isEmpty();
                LinuxHistory.assertWentOn(last, seen.reports(), resumed.pauseMillis());
                last = seen.last();
            }
            vm.run(EndingGuests.class, None.NONE);
        }
    }

    /** Up to the last and down again; from the second on, if there are as many. */
    private static List<KernelSpec> aroundAndBack(KernelList kernels) {
        List<KernelSpec> specs = kernels.specs();
        List<KernelSpec> stops = new ArrayList<>(specs.subList(specs.size() > 2 ? 1 : 0, specs.size()));
        stops.add(stops.get(0));
        return stops;
    }

    private static LinuxSeen watch(Vm vm, String typed) {
        return vm.run(WatchingLinux.class, new WatchingLinux.Args(NAME, typed), BOOT);
    }

    @Test
    void what_is_no_kernel_or_does_not_fit_is_refused_and_leaves_nothing(VmBuilder builder, KernelList kernels) {
        try (Vm vm = builder.kvmInside()
                .linuxGuest(kernels.standard())
                .classesOf(Machine.class)
                .start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);

            assertThat(vm.run(Refused.class, new Refused.Args("initrd", 256, "")))
                    .isEqualTo("/boot/guest/initrd is not a kernel image of Linux for x86; name a bzImage, such as"
                            + " /boot/vmlinuz-*");
            assertThat(vm.run(Refused.class, new Refused.Args("none", 256, "")))
                    .isEqualTo("cannot read /boot/guest/none: there is no such file");
            assertThat(vm.run(Refused.class, new Refused.Args("vmlinuz", 16, "")))
                    .isEqualTo("/boot/guest/vmlinuz and /boot/guest/initrd need more memory than 16 MiB");
            assertThat(vm.run(Refused.class, new Refused.Args("vmlinuz", 256, "x".repeat(3000))))
                    .isEqualTo("the command line has 3000 bytes, the kernel takes 2047");
            assertThat(vm.sh("ls " + Mounting.POINT + "/guest-memory").output()).isEmpty();
        }
    }

    /** Tries to boot a guest, and says why it cannot. */
    static final class Refused implements GuestTask<Refused.Args, String> {
        record Args(String kernel, int mebibytes, String commandLine) {}

        @Override
        public String run(Args args, Progress progress) {
            Path files = Path.of("/boot/guest");
            Linux linux = new Linux(files.resolve(args.kernel()), files.resolve("initrd"), args.commandLine());
            Machine.Outputs nowhere =
                    new Machine.Outputs(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
            try (Region region = Region.open(Mounting.POINT);
                    PreservedGuest guest = PreservedGuest.create(
                            region, "refused", (long) args.mebibytes() << 20, 1, linux, nowhere)) {
                return guest.name() + " is there";
            } catch (MachineException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }
}
