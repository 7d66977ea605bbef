// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.examples.pc.Machine;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A stock kernel of Linux, a guest of the hypervisor of the examples, does not notice that the kernel below it is replaced: from the
 * standard kernel on by each newer one, and back.
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
}
