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
import org.junit.jupiter.api.TestReporter;

/** Many at work at once, on several processors. */
@QemuTest
@Tag("debug-kernel")
class ConcurrencyIT {

    private static final int RUSHES = Effort.of(1, 3);
    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final PhysicalRange WORK = SMALLEST;
    private static final PhysicalRange RECORDS = new PhysicalRange(MemoryLayout.HIGH + (128 << 20), 128 << 20);
    private static final PhysicalRange OFFICE = new PhysicalRange(MemoryLayout.HIGH, 256 << 20);

    @Test
    @Tag("long")
    void what_many_did_at_once_is_what_the_next_kernel_finds(VmBuilder builder, KernelSpec kernel) {
        int operations = kernel.debug() ? 1500 : Effort.of(250, 500);
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

    @Test
    void what_threads_and_processes_did_is_as_their_ledger_says(
            VmBuilder builder, KernelSpec kernel, TestReporter reporter) {
        long operations = kernel.debug() ? 50_000 : Effort.of(800, 2_000);
        try (Vm vm = office(builder)) {
            Inside.Health empty = vm.run(Inside.Describe.class, None.NONE);

            long perSecond = vm.run(Office.Day.class, operations);

            reporter.publishEntry("operations a second", Long.toString(perSecond));
            vm.kexec();
            reopen(vm);
            Office.Report report = vm.run(Office.Audit.class, 6 * operations);
            assertThat(report.findings()).isEmpty();
            assertThat(report.inFlight()).isZero();
            vm.sh("rm -r " + Office.DIRECTORY);
            assertThat(vm.run(Inside.Describe.class, None.NONE)).isEqualTo(empty);
        }
    }

    @Test
    @Tag("long")
    void a_kexec_under_full_load_loses_nothing_that_had_returned(VmBuilder builder, TestReporter reporter) {
        try (Vm vm = office(builder)) {
            Inside.Health empty = vm.run(Inside.Describe.class, None.NONE);
            for (int round = 1; round <= RUSHES; round++) {
                // Before the rush, as before any jump: it takes its time when everybody works.
                vm.load(vm.sameKernel());
                long done = vm.run(Office.Rush.class, 400L * round);

                vm.jump();

                reopen(vm);
                Office.Report report = vm.run(Office.Audit.class, done);
                reporter.publishEntry(
                        "round " + round, report.operations() + " operations, " + report.inFlight() + " in flight");
                assertThat(report.findings()).as("round %d", round).isEmpty();
                vm.sh("rm -rf " + Office.DIRECTORY + " " + Office.ARCHIVE + "/*");
                // commits go one after another: one at most was cut off between its copies
                Inside.Health after = vm.run(Inside.Describe.class, None.NONE);
                assertThat(after).as("round %d", round).isEqualTo(empty.repaired(after.recordsRepaired()));
                assertThat(after.recordsRepaired()).as("round %d", round).isLessThanOrEqualTo(1);
            }
        }
    }

    /** Two regions: one to work on, and one for the ledger. */
    private static Vm office(VmBuilder builder) {
        Vm vm = builder.region(OFFICE).processors(3).start();
        vm.run(Formatting.class, WORK);
        vm.run(Formatting.class, RECORDS);
        reopen(vm);
        return vm;
    }

    private static void reopen(Vm vm) {
        Inside.mount(vm);
        String mount = "mkdir -p " + Office.ARCHIVE + " && mount -t holdfast -o base=" + RECORDS.base() + " none "
                + Office.ARCHIVE;
        assertThat(vm.sh(mount).output()).isEmpty();
    }
}
