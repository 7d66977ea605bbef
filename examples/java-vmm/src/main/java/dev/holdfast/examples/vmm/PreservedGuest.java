// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import dev.holdfast.StateFile;
import dev.holdfast.liveupdate.Participant;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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
    private final OutputStream serial;
    private @Nullable Machine machine;

    private PreservedGuest(Region region, String name, GuestMemory memory, OutputStream serial) {
        this.name = name;
        this.state = region.state(name);
        this.last = region.state(name + ".last");
        this.memory = memory;
        this.serial = serial;
    }

    /**
     * A new guest that stands still: {@link Checker}.
     *
     * @param size of its memory, in bytes
     * @param serial where what it says goes
     */
    public static PreservedGuest create(Region region, String name, long size, int vcpus, OutputStream serial) {
        PreservedGuest guest =
                new PreservedGuest(region, name, region.guestMemory(name).create(size), serial);
        try {
            guest.machine = Machine.create(guest.memory.address(), size, vcpus, serial);
            guest.checker().load(guest.machine);
            return guest;
        } catch (RuntimeException | Error e) {
            guest.close();
            throw e;
        }
    }

    /** A guest that another process has saved, or will have: its memory is here, and {@link #restore()} makes the rest. */
    public static PreservedGuest find(Region region, String name, OutputStream serial) {
        return new PreservedGuest(region, name, region.guestMemory(name).open(), serial);
    }

    /** What the guest tells in its memory. */
    public Checker checker() {
        return new Checker(all(memory));
    }

    private static ByteBuffer all(GuestMemory memory) {
        return memory.slice(0, Math.toIntExact(memory.size()));
    }

    private Machine machine() {
        if (machine == null) {
            throw new VmmException("guest " + name + " has not been restored");
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
     * @throws VmmException if not
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
        machine = Machine.restore(memory.address(), memory.size(), MachineState.of(saved.read()), serial);
    }

    /** A guest runs again even if the region is full. */
    private void goOn() {
        try {
            keepAsLast();
        } finally {
            resume();
        }
    }

    /** What was saved is about to be of another time than the memory. Removed first, for it to need no more room. */
    private void keepAsLast() {
        if (state.exists()) {
            byte[] saved = state.read();
            state.remove();
            last.replace(saved);
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
