// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Region;
import dev.holdfast.examples.guest.Checker;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.vmm.PreservedGuest;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.kvm.EndingGuests;
import dev.holdfast.vm.guest.kvm.FindingGuest;
import dev.holdfast.vm.guest.kvm.KvmGuest;
import dev.holdfast.vm.guest.kvm.Seen;
import dev.holdfast.vm.guest.kvm.StartingGuest;
import dev.holdfast.vm.guest.kvm.WatchingGuest;
import dev.holdfast.vm.junit.QemuTest;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The kernel panics under a KVM guest that runs: its memory is there, and so is what was saved of it last. */
@QemuTest
class GuestPanicIT {
    private static final String NAME = "one";

    @Test
    void the_memory_of_a_running_guest_outlives_a_panic_and_it_goes_on_from_its_last_save(VmBuilder builder) {
        try (Vm vm = builder.crashKernel().kvmInside().classesOf(Machine.class).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            vm.run(StartingGuest.class, NAME);
            vm.run(WatchingGuest.class, NAME);
            long saved = vm.run(SavingAndGoingOn.class, None.NONE);
            Seen running = vm.run(WatchingGuest.class, NAME);
            assertThat(running.complaints()).isEmpty();

            vm.loadCrash(vm.sameKernel().without("crashkernel="));
            vm.crash();

            Inside.mount(vm);
            Seen found = vm.run(FindingGuest.class, NAME);
            assertThat(found.complaints()).isEmpty();
            assertThat(found.passes()).isGreaterThanOrEqualTo(running.passes());
            assertThat(vm.run(LastSaved.class, None.NONE)).isEqualTo(saved);

            // It is set back in time, and its memory is not.
            assertThat(vm.run(RestoringLast.class, None.NONE)).isPositive();
            vm.run(EndingGuests.class, None.NONE);
        }
    }

    private static long lastSaved() {
        try (Region region = Region.open(Mounting.POINT)) {
            CRC32C sum = new CRC32C();
            sum.update(region.state(NAME + ".last").read());
            return sum.getValue();
        }
    }

    /** Saves the guest, and lets it go on; says what was saved. */
    static final class SavingAndGoingOn implements GuestTask<None, Long> {
        @Override
        public Long run(None none, Progress progress) throws Exception {
            PreservedGuest guest = KvmGuest.get(NAME);
            guest.quiesce();
            guest.save();
            guest.abort();
            return lastSaved();
        }
    }

    /** Says what is saved. */
    static final class LastSaved implements GuestTask<None, Long> {
        @Override
        public Long run(None none, Progress progress) {
            return lastSaved();
        }
    }

    /** Lets the guest go on from that, until it notices; says how many words it does not find as it left them. */
    static final class RestoringLast implements GuestTask<None, Long> {
        @Override
        public Long run(None none, Progress progress) throws InterruptedException {
            PreservedGuest guest = KvmGuest.get(NAME);
            guest.restoreLast();
            while (new Checker(guest.ram()).report(0).wrongWords() == 0) {
                guest.check();
                Thread.sleep(10);
            }
            guest.quiesce();
            return new Checker(guest.ram()).report(0).wrongWords();
        }
    }
}
