// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.it.Inside.Health;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A region that was in use for long can still give large pages. */
@QemuTest
class AgingIT {
    private static final int OPERATIONS = 100_000;
    private static final PhysicalRange RANGE = new PhysicalRange(MemoryLayout.HIGH, 4L << 30);

    @Test
    @Tag("long")
    void what_is_free_after_a_hundred_thousand_operations_is_mostly_in_large_pages(
            VmBuilder builder, TestReporter report) {
        try (Vm vm = builder.region(RANGE).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);

            Aging.Aged aged = vm.run(Aging.class, OPERATIONS, Duration.ofMinutes(10));

            report.publishEntry("aged", aged.toString());
            Health health = vm.run(Inside.Describe.class, None.NONE);
            assertThat(aged.free()).isEqualTo(health.dataFree());
            assertThat(aged.files()).isGreaterThan(200);
            assertThat(aged.huge()).isGreaterThan(aged.free() / 2);
            vm.kexec();
            Inside.mount(vm);
            assertThat(vm.run(Aging.Look.class, OPERATIONS)).isEqualTo(aged);
        }
    }
}
