// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Kexec;
import dev.holdfast.NoKernelLoadedException;
import dev.holdfast.Region;
import dev.holdfast.examples.guest.Checker;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.vmm.PreservedGuest;
import dev.holdfast.liveupdate.LiveUpdate;
import dev.holdfast.liveupdate.LiveUpdateException;
import dev.holdfast.liveupdate.Participant;
import dev.holdfast.liveupdate.Timeline;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.KernelLoading.Loader;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.kvm.EndingGuests;
import dev.holdfast.vm.guest.kvm.KvmGuest;
import dev.holdfast.vm.guest.kvm.ResumingGuests;
import dev.holdfast.vm.guest.kvm.Seen;
import dev.holdfast.vm.guest.kvm.StartingGuest;
import dev.holdfast.vm.guest.kvm.UpdatingKernel;
import dev.holdfast.vm.guest.kvm.WatchingGuest;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * KVM guests in a region, run by the hypervisor of the examples, do not notice that the kernel below them is replaced, or is not. Three
 * updates go through all kernels and back to the one before the last; {@code make test-long} makes ten.
 */
@QemuTest
class LiveUpdateIT {
    private static final List<String> NAMES = List.of("one", "two");
    private static final int UPDATES = Effort.of(3, 10);
    private static final List<String> LAST = List.of("one.last", "two.last");
    private static final String GREETING = "walking\n";

    private static Vm started(VmBuilder builder, List<KernelSpec> kernels) {
        Vm vm = builder.kernel(kernels.get(0))
                .carrying(kernels)
                .kvmInside()
                .classesOf(Machine.class)
                .start();
        try {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            return vm;
        } catch (RuntimeException | Error e) {
            vm.close();
            throw e;
        }
    }

    @Test
    void two_guests_go_on_through_updates_to_newer_and_to_older_kernels(VmBuilder builder, KernelList kernels) {
        List<KernelSpec> stops = upAndDown(kernels.specs());
        try (Vm vm = started(builder, kernels.specs())) {
            Map<String, Seen> last = startAll(vm);
            // Unpacking takes long beside guests that never rest: once is enough.
            Loader loader = Loader.LIBRARY_UNPACKED;
            for (KernelSpec stop : stops) {
                vm.jump(
                        UpdatingKernel.class,
                        vm.otherKernel(stop).loadedBy(loader).carrying(NAMES));
                loader = Loader.LIBRARY;
                Inside.mount(vm);
                ResumingGuests.Resumed resumed = vm.run(ResumingGuests.class, NAMES);
                assertWhole(resumed.timeline());
                for (int guest = 0; guest < NAMES.size(); guest++) {
                    assertThat(resumed.passes().get(guest))
                            .isGreaterThanOrEqualTo(Objects.requireNonNull(last.get(NAMES.get(guest)))
                                    .passes());
                }
                assertThat(vm.run(States.class, None.NONE)).isEqualTo(LAST);
                // Their serial port is one of another process now.
                assertAllWentOn(vm, last, "");
            }
            vm.run(EndingGuests.class, None.NONE);
        }
    }

    /** From the first to the last and back, as often as it takes. */
    private static List<KernelSpec> upAndDown(List<KernelSpec> kernels) {
        int last = kernels.size() - 1;
        return IntStream.rangeClosed(1, UPDATES)
                .map(update -> last == 0 ? 0 : update % (2 * last))
                .mapToObj(place -> kernels.get(Math.min(place, 2 * last - place)))
                .toList();
    }

    private static Map<String, Seen> startAll(Vm vm) {
        Map<String, Seen> seen = new HashMap<>();
        for (String name : NAMES) {
            vm.run(StartingGuest.class, name);
            Seen first = vm.run(WatchingGuest.class, name);
            assertThat(first.complaints()).isEmpty();
            assertThat(first.serial()).isEqualTo(GREETING);
            seen.put(name, first);
        }
        return seen;
    }

    private static void assertAllWentOn(Vm vm, Map<String, Seen> last, String serial) {
        for (String name : NAMES) {
            Seen now = vm.run(WatchingGuest.class, name);
            Seen before = Objects.requireNonNull(last.put(name, now));
            assertThat(now.complaints()).isEmpty();
            assertThat(now.serial()).isEqualTo(serial);
            for (int vcpu = 0; vcpu < now.reports().size(); vcpu++) {
                Checker.Report then = before.reports().get(vcpu);
                assertThat(now.reports().get(vcpu).passes())
                        .isGreaterThanOrEqualTo(then.passes() + WatchingGuest.PASSES);
                assertThat(now.reports().get(vcpu).ticks()).isGreaterThan(then.ticks());
                assertThat(now.reports().get(vcpu).lastClock()).isGreaterThan(then.lastClock());
            }
        }
    }

    private static void assertWhole(List<ResumingGuests.Phase> timeline) {
        assertThat(timeline)
                .extracting(phase -> (phase.step() + " " + phase.participant()).strip())
                .containsExactly(
                        "CHECK",
                        "LOAD",
                        "QUIESCE one",
                        "QUIESCE two",
                        "SAVE one",
                        "SAVE two",
                        "JUMP",
                        "RESTORE one",
                        "RESTORE two");
        assertThat(timeline)
                .filteredOn(phase -> phase.step() != Timeline.Step.JUMP)
                .allSatisfy(phase -> assertThat(phase.micros()).isPositive());
    }

    /** Names of the state files in the region. */
    static final class States implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) throws IOException {
            try (Stream<Path> files = Files.list(Mounting.POINT.resolve("state"))) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }
    }

    /** A step of an update in which the second guest fails. */
    enum Failing {
        QUIESCE,
        QUIESCE_LATE,
        SAVE,
        SAVE_LATE,
        JUMP
    }

    @Test
    void an_update_that_fails_in_a_step_leaves_the_guests_running(VmBuilder builder, KernelList kernels) {
        try (Vm vm = started(builder, List.of(kernels.standard()))) {
            Map<String, Seen> last = startAll(vm);
            for (Failing step : Failing.values()) {
                Left left = vm.run(
                        FailingIn.class, new FailingIn.Args(vm.sameKernel().carrying(NAMES), step));

                assertThat(left.failure()).as(step.name()).isEqualTo(message(step));
                assertThat(left.suppressed()).isEmpty();
                assertThat(left.loaded()).isFalse();
                assertThat(vm.run(States.class, None.NONE)).isSubsetOf(LAST);
                assertAllWentOn(vm, last, GREETING);
            }
            vm.run(EndingGuests.class, None.NONE);
        }
    }

    private static String message(Failing step) {
        return switch (step) {
            case QUIESCE -> "cannot quiesce two: QUIESCE fails";
            case QUIESCE_LATE -> "cannot quiesce two: it takes longer than its deadline, 2000 ms";
            case SAVE -> "cannot save two: SAVE fails";
            case SAVE_LATE -> "cannot save two: it takes longer than its deadline, 2000 ms";
            case JUMP -> "cannot jump into the next kernel: none is loaded (Kexec.execute: EINVAL); load one first";
        };
    }

    /** What is left of an update that failed. */
    record Left(String failure, List<String> suppressed, boolean loaded) {}

    /** Tries to replace the kernel. */
    static final class FailingIn implements GuestTask<FailingIn.Args, Left> {
        record Args(UpdatingKernel.Args update, Failing step) {}

        @Override
        public Left run(Args args, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                RuntimeException failure = failure(args.update()
                        .of(region)
                        .with(KvmGuest.get("one"))
                        .with(new Unlucky(KvmGuest.get("two"), args.step())));
                return new Left(
                        String.valueOf(failure.getMessage()),
                        Stream.of(failure.getSuppressed())
                                .map(Throwable::toString)
                                .toList(),
                        Kexec.loaded());
            }
        }

        private static RuntimeException failure(LiveUpdate update) {
            try {
                update.execute();
            } catch (LiveUpdateException | NoKernelLoadedException e) {
                return e;
            }
            throw new AssertionError("still running");
        }
    }

    /** A guest that does what it is told, and then fails. */
    record Unlucky(PreservedGuest guest, Failing step) implements Participant {
        @Override
        public String name() {
            return guest.name();
        }

        @Override
        public void quiesce() throws Exception {
            guest.quiesce();
            failIn(Failing.QUIESCE, Failing.QUIESCE_LATE);
        }

        @Override
        public void save() throws Exception {
            guest.save();
            failIn(Failing.SAVE, Failing.SAVE_LATE);
            if (step == Failing.JUMP) {
                Kexec.unload();
            }
        }

        private void failIn(Failing here, Failing late) throws InterruptedException {
            if (step == here) {
                throw new IllegalStateException(step + " fails");
            }
            if (step == late) {
                new CountDownLatch(1).await();
            }
        }

        @Override
        public void abort() {
            guest.abort();
        }

        @Override
        public void restore() {
            throw new AssertionError("there is no other kernel");
        }

        @Override
        public Duration deadline() {
            return step == Failing.QUIESCE_LATE || step == Failing.SAVE_LATE
                    ? Duration.ofSeconds(2)
                    : Participant.super.deadline();
        }
    }
}
