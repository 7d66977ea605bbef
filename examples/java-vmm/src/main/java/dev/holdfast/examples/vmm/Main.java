// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.HoldfastException;
import dev.holdfast.Region;
import dev.holdfast.examples.guest.Checker;
import dev.holdfast.examples.guest.Linux;
import dev.holdfast.examples.guest.Loader;
import dev.holdfast.examples.kvm.KvmException;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Runs a guest in guest memory of a region, until it is told to end (SIGTERM): then it saves the state of the guest beside its memory,
 * and another process can let it go on, in this kernel or the next. What is typed goes to the guest's console.
 */
public final class Main {
    private static final String USAGE = """
            usage: java-vmm start DIR NAME MEBIBYTES VCPUS
                   java-vmm boot DIR NAME MEBIBYTES VCPUS KERNEL INITRD [WORD...]
                   java-vmm resume DIR NAME
                   java-vmm resume-last DIR NAME""";
    private static final long MIB = 1 << 20;
    private static final int START_ARGUMENTS = 5;
    private static final int BOOT_ARGUMENTS = 7;
    private static final Machine.Outputs OUTPUTS = new Machine.Outputs(System.out, System.out);
    private static final Map<String, Consumer<PreservedGuest>> RESTORES =
            Map.of("resume", PreservedGuest::restore, "resume-last", PreservedGuest::restoreLast);

    private Main() {}

    /** Runs it. */
    public static void main(String... args) throws InterruptedException {
        List<String> words = List.of(args);
        boolean start = words.size() == START_ARGUMENTS && args[0].equals("start");
        boolean boot = words.size() >= BOOT_ARGUMENTS && args[0].equals("boot");
        boolean resume = words.size() == 3 && RESTORES.containsKey(args[0]);
        if (!resume && !((start || boot) && isNumber(args[3]) && isNumber(args[4]))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (Region region = Region.open(Path.of(args[1]))) {
            if (resume) {
                resume(region, args[2], Objects.requireNonNull(RESTORES.get(args[0])));
            } else {
                Loader loader = boot ? linux(args) : Checker::load;
                start(region, args[2], Long.parseLong(args[3]) * MIB, Integer.parseInt(args[4]), loader);
            }
        } catch (HoldfastException | KvmException | MachineException e) {
            System.err.println("java-vmm: error: " + e.getMessage());
            System.exit(1);
        }
    }

    private static boolean isNumber(String text) {
        return text.matches("[1-9][0-9]{0,5}");
    }

    private static Loader linux(String... args) {
        String line = String.join(" ", Arrays.asList(args).subList(BOOT_ARGUMENTS, args.length));
        return new Linux(Path.of(args[START_ARGUMENTS]), Path.of(args[BOOT_ARGUMENTS - 1]), line);
    }

    private static void start(Region region, String name, long size, int vcpus, Loader loader)
            throws InterruptedException {
        try (PreservedGuest guest = PreservedGuest.create(region, name, size, vcpus, loader, OUTPUTS)) {
            saveAtEnd(guest);
            guest.resume();
            watch(guest);
        }
    }

    private static void resume(Region region, String name, Consumer<PreservedGuest> restore)
            throws InterruptedException {
        try (PreservedGuest guest = PreservedGuest.find(region, name, OUTPUTS)) {
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
        Thread typing = new Thread(() -> type(guest), "typing");
        typing.setDaemon(true);
        typing.start();
        while (true) {
            Thread.sleep(1000);
            guest.check();
        }
    }

    private static void type(PreservedGuest guest) {
        byte[] text = new byte[80];
        try {
            for (int length = System.in.read(text); length >= 0; length = System.in.read(text)) {
                guest.type(Arrays.copyOf(text, length));
            }
        } catch (IOException | MachineException e) {
            System.err.println("java-vmm: error: nothing can be typed any more: " + e.getMessage());
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
        } catch (InterruptedException | HoldfastException | KvmException | MachineException e) {
            System.err.println("java-vmm: error: the guest is not saved: " + e.getMessage());
        }
    }
}
