// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.GuestMemory;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.Region;
import dev.holdfast.StateFile;
import dev.holdfast.examples.guest.Loader;
import dev.holdfast.examples.pc.GuestRam;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import dev.holdfast.examples.pc.MachineState;
import dev.holdfast.liveupdate.Participant;
import org.jspecify.annotations.Nullable;

/**
 * A guest that outlives the kernel below it: its memory is a guest memory of a region, and what else is known of it is saved in a state
 * file of the same name, or, while the guest runs, with {@code .last} behind it. Takes part in live updates.
 *
 * <p>Owns the mapping of the memory and the machine. Closing it ends the guest and leaves what is in the region. Safe to use from several
 * threads: what is asked for while another thing is done waits for that.
 */
public final class PreservedGuest implements Participant, AutoCloseable {
    private final String name;
    private final StateFile state;
    private final StateFile last;
    private final GuestMemory memory;
    private final Machine.Outputs outputs;
    private @Nullable Machine machine;

    private PreservedGuest(Region region, String name, GuestMemory memory, Machine.Outputs outputs) {
        this.name = name;
        this.state = region.state(name);
        this.last = region.state(name + ".last");
        this.memory = memory;
        this.outputs = outputs;
    }

    /**
     * A new guest that stands still. If there can be none, nothing is left in the region.
     *
     * @param size of its memory, in bytes
     * @param loader what it runs
     * @param outputs where what it says goes
     */
    public static PreservedGuest create(
            Region region, String name, long size, int vcpus, Loader loader, Machine.Outputs outputs) {
        GuestMemoryFile file = region.guestMemory(name);
        PreservedGuest guest = new PreservedGuest(region, name, file.create(size), outputs);
        try {
            guest.machine = Machine.create(guest.ram(), vcpus, outputs);
            loader.load(guest.machine);
            return guest;
        } catch (RuntimeException | Error e) {
            guest.close();
            file.remove();
            throw e;
        }
    }

    /** A guest that another process has saved, or will have: its memory is here, and {@link #restore()} makes the rest. */
    public static PreservedGuest find(Region region, String name, Machine.Outputs outputs) {
        return new PreservedGuest(region, name, region.guestMemory(name).open(), outputs);
    }

    /** Its memory. */
    public GuestRam ram() {
        return new GuestRam(memory.address(), memory.size());
    }

    /** Types text into its console. */
    public synchronized void type(byte[] text) {
        machine().type(text);
    }

    private Machine machine() {
        if (machine == null) {
            throw new MachineException("guest " + name + " has not been restored");
        }
        return machine;
    }

    @Override
    public String name() {
        return name;
    }

    /** Whether there is a guest that could be saved: it was created or restored, and has not been closed. */
    public synchronized boolean isLive() {
        return machine != null;
    }

    /** Lets the guest run. */
    public synchronized void resume() {
        machine().resume();
    }

    /**
     * Whether the guest runs as it should.
     *
     * @throws MachineException if not
     */
    public synchronized void check() {
        machine().check();
    }

    @Override
    public synchronized void quiesce() throws InterruptedException {
        machine().pause();
    }

    @Override
    public synchronized void save() {
        state.replace(machine().save().toBytes());
    }

    @Override
    public synchronized void abort() {
        goOn();
    }

    @Override
    public synchronized void restore() {
        restore(state);
        goOn();
    }

    /**
     * Goes on from the last save although the guest ran on behind it: after a panic. It finds itself set back in time, and its memory
     * not; a guest that cannot bear that is started anew.
     *
     * @throws dev.holdfast.NotFoundException if it was never saved and let go on
     */
    public synchronized void restoreLast() {
        restore(last);
        resume();
    }

    private void restore(StateFile saved) {
        machine = Machine.restore(ram(), MachineState.of(saved.read()), outputs);
    }

    /** A guest runs again even if the region refuses. */
    private void goOn() {
        try {
            keepAsLast();
        } finally {
            resume();
        }
    }

    /** What was saved is about to be of another time than the memory. */
    private void keepAsLast() {
        if (state.exists()) {
            state.renameTo(last.name());
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (machine != null) {
                machine.close();
                machine = null;
            }
        } finally {
            memory.close();
        }
    }
}
