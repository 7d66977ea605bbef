// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.GuestMemory;
import dev.holdfast.HoldfastException;
import dev.holdfast.Region;
import dev.holdfast.StateFile;
import dev.holdfast.examples.kvm.KvmException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Runs {@link Checker} in guest memory of a region, until it is told to end (SIGTERM): then it saves the state of the guest beside its
 * memory, and another process can let it go on, in this kernel or the next.
 */
public final class Main {
    private static final String USAGE = "usage: start DIR NAME MEBIBYTES VCPUS | resume DIR NAME";
    private static final long MIB = 1 << 20;

    private Main() {}

    /** Runs it. */
    public static void main(String... args) throws InterruptedException {
        if (!(args.length == 5 && args[0].equals("start") && isNumber(args[3]) && isNumber(args[4]))
                && !(args.length == 3 && args[0].equals("resume"))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (Region region = Region.open(Path.of(args[1]))) {
            if (args.length == 5) {
                start(region, args[2], Long.parseLong(args[3]) * MIB, Integer.parseInt(args[4]));
            } else {
                resume(region, args[2]);
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
        try (GuestMemory memory = region.guestMemory(name).create(size);
                Machine machine = Machine.create(memory.address(), memory.size(), vcpus, System.out)) {
            new Checker(all(memory)).load(machine);
            run(machine, region.state(name));
        }
    }

    private static void resume(Region region, String name) throws InterruptedException {
        StateFile state = region.state(name);
        try (GuestMemory memory = region.guestMemory(name).open();
                Machine machine =
                        Machine.restore(memory.address(), memory.size(), MachineState.of(state.read()), System.out)) {
            // It is about to be wrong: the guest goes on.
            state.remove();
            run(machine, state);
        }
    }

    private static ByteBuffer all(GuestMemory memory) {
        return memory.slice(0, Math.toIntExact(memory.size()));
    }

    /** Returns when the guest fails; when the process is told to end, what is left to do is done in {@link #save}. */
    private static void run(Machine machine, StateFile state) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> save(machine, state), "save"));
        machine.resume();
        while (true) {
            Thread.sleep(1000);
            machine.check();
        }
    }

    private static void save(Machine machine, StateFile state) {
        try {
            machine.pause();
            state.replace(machine.save().toBytes());
        } catch (InterruptedException | HoldfastException | KvmException | VmmException e) {
            System.err.println("java-vmm: error: the guest is not saved: " + e.getMessage());
        }
    }
}
