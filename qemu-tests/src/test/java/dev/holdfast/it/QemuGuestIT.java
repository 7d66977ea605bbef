// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.kvm.LinuxReport;
import dev.holdfast.vm.guest.kvm.LinuxSeen;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A Linux guest of a hypervisor that knows nothing of Holdfast goes on over a kexec, as {@code examples/qemu} says: QEMU of Debian 12
 * stops it on the standard kernel, QEMU of Debian 13 goes on with it on the newest one.
 */
@QemuTest
class QemuGuestIT {
    private static final List<String> SUITES = List.of("bookworm", "trixie");
    private static final int ROUNDS = 10;

    @Test
    void a_guest_of_qemu_goes_on_under_another_kernel_and_another_qemu(VmBuilder builder, KernelList kernels)
            throws IOException {
        List<KernelSpec> specs = kernels.specs();
        KernelSpec newest = specs.get(specs.size() - 1);
        try (Vm vm = builder.carrying(List.of(newest))
                .kvmInside()
                .linuxGuest(kernels.standard())
                .debianRoots(SUITES, List.of("qemu-system-x86", "seabios", "socat"))
                .start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            QemuInside first = new QemuInside(vm, "bookworm");
            first.start("");
            int early = first.await(ROUNDS).reports().size();
            assertThat(first.failure("save", "/nowhere/linux.state"))
                    .startsWith("holdfast-qemu: error: the guest is not saved, it runs on: ");
            assertThat(first.failure("resume", "/nowhere/linux.state"))
                    .isEqualTo(
                            "holdfast-qemu: error: /nowhere/linux.state is not there; it is what 'save' has written");
            LinuxReport before = first.await(early + ROUNDS).last();
            long stopped = System.nanoTime();
            first.script("save");

            vm.kexec(vm.otherKernel(newest));

            Inside.mount(vm);
            QemuInside second = new QemuInside(vm, "trixie");
            second.start("-incoming defer");
            second.script("resume");
            long pauseMillis = (System.nanoTime() - stopped) / 1_000_000;
            LinuxSeen after = second.await(ROUNDS);
            LinuxHistory.assertWentOn(before, after.reports(), pauseMillis);
            assertThat(LinuxHistory.complaints(after.others())).isEmpty();
            assertThat(after.serial()).isEmpty();
            assertThat(vm.sh("ls " + Mounting.POINT).stdout()).doesNotContain("linux.state");
        }
    }
}
