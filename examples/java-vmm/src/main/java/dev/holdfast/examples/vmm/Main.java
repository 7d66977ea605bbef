// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.HoldfastException;
import dev.holdfast.Region;
import dev.holdfast.examples.kvm.KvmException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Runs {@link Checker} in guest memory of a region, until it is told to end (SIGTERM): then it saves the state of the guest beside its
 * memory, and another process can let it go on, in this kernel or the next.
 */
public final class Main {
    private static final String USAGE =
            "usage: start DIR NAME MEBIBYTES VCPUS | resume DIR NAME | resume-last DIR NAME";
    private static final long MIB = 1 << 20;
    private static final Map<String, Consumer<PreservedGuest>> RESTORES =
            Map.of("resume", PreservedGuest::restore, "resume-last", PreservedGuest::restoreLast);

    private Main() {}

    /** Runs it. */
    public static void main(String... args) throws InterruptedException {
        if (!(args.length == 5 && args[0].equals("start") && isNumber(args[3]) && isNumber(args[4]))
                && !(args.length == 3 && RESTORES.containsKey(args[0]))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (Region region = Region.open(Path.of(args[1]))) {
            if (args.length == 5) {
                start(region, args[2], Long.parseLong(args[3]) * MIB, Integer.parseInt(args[4]));
            } else {
                resume(region, args[2], Objects.requireNonNull(RESTORES.get(args[0])));
            }
        } catch (HoldfastException | KvmException | VmmException e) {
            System.err.println("java-vmm: error: " + e.getMessage());
            System.exit(1);
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("[1-9][0-9]{0,5}");
    }

    private static void start(Region region, String name, long size, int vcpus) throws InterruptedException {
        try (PreservedGuest guest = PreservedGuest.create(region, name, size, vcpus, System.out)) {
            saveAtEnd(guest);
            guest.resume();
            watch(guest);
        }
    }

    private static void resume(Region region, String name, Consumer<PreservedGuest> restore)
            throws InterruptedException {
        try (PreservedGuest guest = PreservedGuest.find(region, name, System.out)) {
            saveAtEnd(guest);
            restore.accept(guest);
            watch(guest);
        }
    }

    /** Before the guest runs: a process may be told to end at any time. */
    private static void saveAtEnd(PreservedGuest guest) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> save(guest), "save"));
    }

    /** Returns when the guest fails. */
    private static void watch(PreservedGuest guest) throws InterruptedException {
        while (true) {
            Thread.sleep(1000);
            guest.check();
        }
    }

    /** Where nothing runs, what was saved before stays. */
    private static void save(PreservedGuest guest) {
        if (!guest.isLive()) {
            return;
        }
        try {
            guest.quiesce();
            guest.save();
        } catch (InterruptedException | HoldfastException | KvmException | VmmException e) {
            System.err.println("java-vmm: error: the guest is not saved: " + e.getMessage());
        }
    }
}
