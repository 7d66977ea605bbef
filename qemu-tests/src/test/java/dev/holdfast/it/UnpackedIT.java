// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.KernelLoading.Loader;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A kernel that was unpacked before the jump starts as one that unpacks itself: somewhere else each time, with its region whole. */
@QemuTest
class UnpackedIT {
    private static final Guest GUEST = new Guest("stays", 64 << 20, 11);

    /** Where the kernel is linked: __START_KERNEL. */
    private static final String LINKED_AT = "ffffffff81000000";

    @Test
    void each_kernel_starts_unpacked_from_each_and_places_itself_at_random(VmBuilder builder, KernelList kernels) {
        List<KernelSpec> stops = new ArrayList<>(kernels.specs());
        try (Vm vm = builder.kernel(stops.get(0)).carrying(stops).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            List<PhysicalRange> ranges = GUEST.fill(vm);
            if (Effort.isWhole()) {
                stops.addAll(kernels.specs());
            }
            Collections.reverse(stops);
            Set<String> virtual = new HashSet<>();
            Set<String> physical = new HashSet<>();
            for (KernelSpec stop : stops) {
                vm.kexec(vm.otherKernel(stop).without("nokaslr").loadedBy(Loader.LIBRARY_UNPACKED));

                assertThat(vm.boot().release()).startsWith(stop.version());
                assertThat(loader(vm)).isEqualTo("ff");
                virtual.add(text(vm));
                physical.add(
                        vm.sh("grep 'Kernel code' /proc/iomem").stdout().strip().split("-")[0]);
                assertThat(GUEST.wrongOutside(vm, ranges)).isEmpty();
            }
            vm.run(Mounting.class, vm.region());
            assertThat(GUEST.wrongInside(vm)).isEmpty();
            // There are some hundred places: two may well be the same, or the one that it is linked for, but not all.
            assertThat(virtual).hasSizeGreaterThan(1);
            assertThat(physical).hasSizeGreaterThan(1);
        }
    }

    @Test
    void a_kernel_that_is_not_to_be_moved_is_not(Vm vm) {
        vm.kexec(vm.sameKernel().with("nokaslr").loadedBy(Loader.LIBRARY_UNPACKED));

        assertThat(text(vm)).isEqualTo(LINKED_AT);
    }

    /** What the kernel was told of who loaded it, in hexadecimal. */
    private static String loader(Vm vm) {
        return vm.sh("dd if=/sys/kernel/boot_params/data bs=1 skip=528 count=1 2>/dev/null | xxd -p")
                .stdout()
                .strip();
    }

    private static String text(Vm vm) {
        return vm.sh("grep ' _text$' /proc/kallsyms").stdout().split(" ")[0];
    }
}
