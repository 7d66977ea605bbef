// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Exit;
import dev.holdfast.examples.kvm.Vcpu;
import org.jspecify.annotations.Nullable;

/** The thread that runs a processor of a guest, or waits until it may. */
final class VcpuThread implements AutoCloseable {
    private enum Wish {
        PAUSE,
        RUN,
        END
    }

    private final Vcpu vcpu;
    private final Bus ports;
    private final Bus memory;
    private final Thread thread;
    private Wish wish = Wish.PAUSE;
    private boolean running;
    private @Nullable Throwable failure;

    VcpuThread(int number, Vcpu vcpu, Bus ports, Bus memory) {
        this.vcpu = vcpu;
        this.ports = ports;
        this.memory = memory;
        this.thread = new Thread(this::work, "vcpu-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        try {
            vcpu.enter();
            while (mayRun()) {
                step();
            }
        } catch (RuntimeException | Error | InterruptedException e) {
            synchronized (this) {
                failure = e;
            }
        } finally {
            vcpu.leave();
            synchronized (this) {
                running = false;
                notifyAll();
            }
        }
    }

    /** Waits while the guest is to stand still; false if there is nothing to do any more. */
    private synchronized boolean mayRun() throws InterruptedException {
        while (wish == Wish.PAUSE) {
            running = false;
            notifyAll();
            wait();
        }
        running = wish == Wish.RUN;
        notifyAll();
        return running;
    }

    /** A kick is looked for in {@link #mayRun}: between it and here the guest has completed what it asked for. */
    private void step() {
        while (true) {
            Exit exit = vcpu.run();
            switch (exit) {
                case KICKED -> {
                    return;
                }
                case IO -> ports.access(vcpu.access());
                case MMIO -> memory.access(vcpu.access());
                case SHUTDOWN -> throw new MachineException("the guest gave up: a fault in its handler of a fault");
                default -> throw new MachineException("the guest needs what this hypervisor has not: " + vcpu.exit());
            }
        }
    }

    /** Lets the guest go on. */
    synchronized void resume() {
        check();
        wish = Wish.RUN;
        notifyAll();
    }

    /** Asks it to stand still. */
    void stop() {
        ask(Wish.PAUSE);
    }

    /** A thread that has not entered yet finds the wish without a kick. */
    private void ask(Wish wanted) {
        synchronized (this) {
            wish = wanted;
            notifyAll();
        }
        vcpu.kick();
    }

    /**
     * Waits until it stands still.
     *
     * @throws MachineException if it stood still already, because something went wrong
     */
    synchronized void awaitStop() throws InterruptedException {
        while (running && failure == null) {
            wait();
        }
        check();
    }

    /** Whether something went wrong. */
    synchronized void check() {
        if (failure != null) {
            MachineException e = new MachineException(thread.getName() + " failed: " + failure.getMessage());
            e.initCause(failure);
            throw e;
        }
    }

    /** Ends the thread, wherever it is. */
    @Override
    public void close() throws InterruptedException {
        ask(Wish.END);
        thread.join();
        vcpu.close();
    }
}
