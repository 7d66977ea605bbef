// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.Region;
import dev.holdfast.examples.guest.Checker;
import dev.holdfast.examples.guest.Loader;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.vmm.PreservedGuest;
import dev.holdfast.vm.guest.Mounting;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A guest with two processors, which lives in the agent from one task to the next, until {@link EndingGuests}. */
public final class KvmGuest {
    private static final int VCPUS = 2;
    private static final long SIZE = 16 << 20;

    private static final Map<String, KvmGuest> ALL = new TreeMap<>();

    private final Region region = Region.open(Mounting.POINT);
    private final ByteArrayOutputStream serial = new ByteArrayOutputStream();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PreservedGuest guest;

    private KvmGuest(String name, Function<KvmGuest, PreservedGuest> source) {
        guest = source.apply(this);
        ALL.put(name, this);
    }

    /** A new one, running. */
    static void start(String name) {
        start(name, SIZE, Checker::load);
    }

    /** A new one that runs something else. */
    static void start(String name, long size, Loader loader) {
        new KvmGuest(name, it -> PreservedGuest.create(it.region, name, size, VCPUS, loader, it.outputs()))
                .guest.resume();
    }

    /** One that was saved, not restored yet. */
    static PreservedGuest find(String name) {
        return new KvmGuest(name, it -> PreservedGuest.find(it.region, name, it.outputs())).guest;
    }

    private Machine.Outputs outputs() {
        return new Machine.Outputs(serial, console);
    }

    private static KvmGuest named(String name) {
        return Objects.requireNonNull(ALL.get(name), name);
    }

    /** One that was started or found, for a live update. */
    public static PreservedGuest get(String name) {
        return named(name).guest;
    }

    /** How many passes through its memory all its processors have made. */
    static long passes(String name) {
        return named(name).reports().stream().mapToLong(Checker.Report::passes).sum();
    }

    /** Waits until it has gone on for some passes on every processor, and stops it for a look. */
    static Seen await(String name, int passes) throws InterruptedException {
        KvmGuest one = named(name);
        List<Long> goals =
                one.reports().stream().map(report -> report.passes() + passes).toList();
        one.await(() -> one.reached(goals));
        one.guest.quiesce();
        Seen seen = one.look();
        one.guest.resume();
        return seen;
    }

    /** Waits until the timer has ticked on every processor. */
    static void awaitTicks(String name) throws InterruptedException {
        KvmGuest one = named(name);
        List<Checker.Report> before = one.reports();
        one.await(() -> IntStream.range(0, VCPUS)
                .allMatch(vcpu ->
                        one.reports().get(vcpu).ticks() > before.get(vcpu).ticks()));
    }

    /** Looks again and again, as long as the guest runs as it should: it does not tell when. */
    private void await(BooleanSupplier reached) throws InterruptedException {
        while (!reached.getAsBoolean()) {
            guest.check();
            Thread.sleep(10);
        }
    }

    /** Waits until a Linux guest talks, types for it, and waits until it has said that back and gone on for some rounds. */
    static LinuxSeen awaitLinux(String name, String typed, int rounds) throws InterruptedException {
        KvmGuest one = named(name);
        LinuxSeen before = one.lookUntil(seen -> !seen.reports().isEmpty());
        one.guest.type(typed.getBytes(StandardCharsets.US_ASCII));
        return one.lookUntil(seen -> seen.others().contains("echo " + typed)
                && seen.reports().size() >= before.reports().size() + rounds);
    }

    private LinuxSeen lookUntil(Predicate<LinuxSeen> wanted) throws InterruptedException {
        LinuxSeen seen = lookAtLinux();
        while (!wanted.test(seen)) {
            guest.check();
            Thread.sleep(100);
            seen = lookAtLinux();
        }
        return seen;
    }

    private LinuxSeen lookAtLinux() {
        return LinuxSeen.of(console.toString(StandardCharsets.US_ASCII), serial.toString(StandardCharsets.US_ASCII));
    }

    /** Looks at one that stands still. */
    static Seen look(String name) {
        return named(name).look();
    }

    private Seen look() {
        return new Seen(reports(), checker().wrongWords(VCPUS), serial.toString(StandardCharsets.US_ASCII));
    }

    private Checker checker() {
        return new Checker(guest.ram());
    }

    private boolean reached(List<Long> goals) {
        List<Checker.Report> now = reports();
        return IntStream.range(0, VCPUS).allMatch(vcpu -> now.get(vcpu).passes() >= goals.get(vcpu));
    }

    private List<Checker.Report> reports() {
        return IntStream.range(0, VCPUS).mapToObj(checker()::report).toList();
    }

    /** Ends all of them. */
    static void endAll() {
        ALL.values().forEach(one -> {
            one.guest.close();
            one.region.close();
        });
        ALL.clear();
    }
}
