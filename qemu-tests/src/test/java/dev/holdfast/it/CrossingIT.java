// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The kernel on the other side is another one: newer, or older. */
@QemuTest
class CrossingIT {

    private static final PhysicalRange REGION = new PhysicalRange(MemoryLayout.HIGH, 2 * MemoryLayout.GIB);

    @Test
    void every_kernel_reads_what_every_kernel_wrote(VmBuilder builder, KernelList kernels, TestReporter reporter) {
        List<KernelSpec> stops = Tour.of(kernels.specs());
        travel(builder, stops, new Guest("vm", (long) Effort.of(64, 1024) << 20, 7), reporter);
    }

    @Test
    @Tag("long")
    void a_chain_of_updates_and_rollbacks_goes_on_writing(
            VmBuilder builder, KernelList kernels, TestReporter reporter) {
        assumeThat(kernels.specs()).as("kernels left").hasSizeGreaterThan(1);
        List<KernelSpec> stops = new ArrayList<>(kernels.specs());
        Collections.reverse(stops);
        stops.remove(0);
        stops.addAll(0, kernels.specs());
        travel(builder, stops, new Guest("vm", 64 << 20, 8), reporter);
    }

    private static void travel(VmBuilder builder, List<KernelSpec> stops, Guest guest, TestReporter reporter) {
        try (Vm vm = builder.kernel(stops.get(0)).region(REGION).carrying(stops).start()) {
            Cargo cargo = new Cargo(vm, guest);
            for (KernelSpec stop : stops.subList(1, stops.size())) {
                String from = vm.boot().release();
                long start = System.nanoTime();

                Boot boot = vm.kexec(vm.otherKernel(stop));

                assertThat(boot.release()).startsWith(stop.version());
                cargo.verify(from + " to " + boot.release());
                cargo.write();
                reporter.publishEntry(from + " to " + boot.release(), (System.nanoTime() - start) / 1_000_000 + " ms");
            }
        }
    }
}
