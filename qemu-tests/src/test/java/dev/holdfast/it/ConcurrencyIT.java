// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many at work at once, on several processors. */
@QemuTest
@Tag("debug-kernel")
class ConcurrencyIT {

    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);

    @Test
    void what_many_did_at_once_is_what_the_next_kernel_finds(VmBuilder builder, KernelSpec kernel) {
        int operations = kernel.debug() ? 1500 : 500;
        try (Vm vm = builder.region(SMALLEST).processors(3).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            Inside.Health empty = vm.run(Inside.Describe.class, None.NONE);
            List<String> before = vm.run(Storm.class, new Storm.Args(1, operations));
            Inside.Health healthy = vm.run(Inside.Describe.class, None.NONE);

            vm.kexec();

            Inside.mount(vm);
            assertThat(vm.run(Inside.Describe.class, None.NONE)).isEqualTo(healthy);
            assertThat(vm.run(Churn.Look.class, Storm.DIRECTORY)).isEqualTo(before);
            vm.sh("rm -r /mnt/holdfast/" + Storm.DIRECTORY);
            assertThat(vm.run(Inside.Describe.class, None.NONE)).isEqualTo(empty);
            Inside.unmount(vm);
            assertThat(vm.sh("rmmod holdfast").exitCode()).isZero();
        }
    }
}
