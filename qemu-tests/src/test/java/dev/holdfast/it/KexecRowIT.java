// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Many kexecs in a row, with the file system at work between them: thirty in {@code make test-long}. */
@QemuTest
@Order(1) // takes longest
class KexecRowIT {

    private static final int KEXECS = Effort.of(4, 30);
    private static final Guest GUEST = new Guest("stays", 16 << 20, 5);

    @Test
    void kexecs_in_a_row_with_files_created_grown_and_removed_between(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        List<PhysicalRange> ranges = GUEST.fill(vm);

        for (int round = 1; round <= KEXECS; round++) {
            List<String> before = vm.run(Churn.class, new Churn.Args(round, 60));
            Inside.Health healthy = vm.run(Inside.Describe.class, None.NONE);

            vm.kexec();

            vm.run(Mounting.class, vm.region());
            assertThat(vm.run(Inside.Describe.class, None.NONE))
                    .as("round %d", round)
                    .isEqualTo(healthy);
            assertThat(vm.run(Churn.Look.class, "churn")).as("round %d", round).isEqualTo(before);
            assertThat(GUEST.wrongOutside(vm, ranges)).as("round %d", round).isEmpty();
        }
        assertThat(vm.boots()).hasSize(KEXECS + 1);
    }
}
