// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import dev.holdfast.examples.vmm.Checker;
import dev.holdfast.examples.vmm.Machine;
import dev.holdfast.examples.vmm.MachineState;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A KVM guest in a region, run by the hypervisor of the examples, does not notice that the kernel below it is replaced. */
@QemuTest
class JavaVmmIT {

    private static final int VCPUS = 2;
    private static final long SIZE = 16 << 20;
    private static final int PASSES = 3;

    /** What a guest says of itself while it stands still, and what is seen of it from outside. */
    record Seen(List<Checker.Report> reports, long wrongWords, String serial) {}

    /** A guest, which lives in the agent from one task to the next. */
    private static final class Running {
        private static final Map<String, Running> ALL = new HashMap<>();

        private final Region region = Region.open(Mounting.POINT);
        private final ByteArrayOutputStream serial = new ByteArrayOutputStream();
        private final String name;
        private final GuestMemory memory;
        private final Checker checker;
        private final Machine machine;

        Running(String name, boolean fresh) {
            this.name = name;
            this.memory = fresh
                    ? region.guestMemory(name).create(SIZE)
                    : region.guestMemory(name).open();
            ByteBuffer all = memory.slice(0, (int) SIZE);
            this.checker = new Checker(all);
            if (fresh) {
                machine = Machine.create(memory.address(), SIZE, VCPUS, serial);
                checker.load(machine);
            } else {
                byte[] saved = region.state(name).read();
                machine = Machine.restore(memory.address(), SIZE, MachineState.of(saved), serial);
            }
            ALL.put(name, this);
        }

        /** Lets it run for some passes on every processor, and stops it. */
        Seen work() throws InterruptedException {
            List<Long> goals =
                    reports().stream().map(report -> report.passes() + PASSES).toList();
            machine.resume();
            while (!reached(goals)) {
                machine.check();
                Thread.sleep(10);
            }
            machine.pause();
            return seen();
        }

        private boolean reached(List<Long> goals) {
            return IntStream.range(0, VCPUS)
                    .allMatch(vcpu -> checker.report(vcpu).passes() >= goals.get(vcpu));
        }

        private List<Checker.Report> reports() {
            return IntStream.range(0, VCPUS).mapToObj(checker::report).toList();
        }

        Seen seen() {
            return new Seen(reports(), checker.wrongWords(VCPUS), serial.toString(StandardCharsets.US_ASCII));
        }

        void save() {
            region.state(name).replace(machine.save().toBytes());
        }
    }

    /** Starts a guest, and leaves it paused and saved. */
    static final class Starting implements GuestTask<String, Seen> {
        @Override
        public Seen run(String name, Progress progress) throws Exception {
            Running guest = new Running(name, true);
            Seen seen = guest.work();
            guest.save();
            return seen;
        }
    }

    /** What is left of a guest, before it goes on. */
    static final class Finding implements GuestTask<String, Seen> {
        @Override
        public Seen run(String name, Progress progress) {
            return new Running(name, false).seen();
        }
    }

    /** Lets a guest that was found go on, and leaves it paused and saved. */
    static final class GoingOn implements GuestTask<String, Seen> {
        @Override
        public Seen run(String name, Progress progress) throws Exception {
            Running guest = Objects.requireNonNull(Running.ALL.get(name));
            Seen seen = guest.work();
            guest.save();
            return seen;
        }
    }

    @Test
    void two_guests_go_on_in_newer_kernels_and_then_in_an_older_one(VmBuilder builder, KernelList kernels) {
        List<KernelSpec> stops = new ArrayList<>(kernels.specs());
        stops.add(kernels.specs().get(Math.max(0, kernels.specs().size() - 2)));
        try (Vm vm = builder.kernel(stops.get(0))
                .carrying(stops)
                .kernelModule("kvm_amd")
                .classesOf(Machine.class)
                .start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            Map<String, Seen> last = new HashMap<>();
            for (String name : List.of("one", "two")) {
                Seen seen = vm.run(Starting.class, name);
                assertSound(seen, "walking\n");
                last.put(name, seen);
            }
            for (KernelSpec stop : stops.subList(1, stops.size())) {
                vm.kexec(vm.otherKernel(stop));
                Inside.mount(vm);
                for (String name : last.keySet()) {
                    Seen before = last.get(name);
                    Seen found = vm.run(Finding.class, name);
                    assertThat(found.reports()).isEqualTo(before.reports());
                    Seen after = vm.run(GoingOn.class, name);
                    assertSound(after, "");
                    assertWentOn(before, after);
                    last.put(name, after);
                }
            }
            vm.run(Stopping.class, None.NONE);
        }
    }

    /** Ends all guests; their memory can be unmapped and the region unmounted then. */
    static final class Stopping implements GuestTask<None, None> {
        @Override
        public None run(None none, Progress progress) {
            Running.ALL.values().forEach(guest -> {
                guest.machine.close();
                guest.memory.close();
                guest.region.close();
            });
            return None.NONE;
        }
    }

    private static void assertSound(Seen seen, String serial) {
        assertThat(seen.serial()).isEqualTo(serial);
        assertThat(seen.wrongWords()).isZero();
        assertThat(seen.reports()).allSatisfy(report -> {
            assertThat(report.isWhole()).as(report.toString()).isTrue();
            assertThat(report.wrongWords()).isZero();
            assertThat(report.clockJumps()).isZero();
            assertThat(report.ticks()).isPositive();
        });
    }

    private static void assertWentOn(Seen before, Seen after) {
        for (int vcpu = 0; vcpu < VCPUS; vcpu++) {
            Checker.Report then = before.reports().get(vcpu);
            Checker.Report now = after.reports().get(vcpu);
            assertThat(now.passes()).isGreaterThanOrEqualTo(then.passes() + PASSES);
            assertThat(now.ticks()).isGreaterThan(then.ticks());
            assertThat(now.lastClock()).isGreaterThan(then.lastClock());
        }
    }
}
