// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import com.google.gson.Gson;
import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.channel.Message;
import dev.holdfast.vm.console.Trouble;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Inspecting;
import dev.holdfast.vm.guest.KernelLoading;
import dev.holdfast.vm.guest.Leaving;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.guest.TaskTypes;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.PhysicalMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A running VM with an agent in it. Every method that waits fails with a {@link VmFailure} as soon as something is wrong.
 * Not for several threads at a time.
 */
public final class Vm implements AutoCloseable {

    private final VmBuilder setup;
    private final Session session;
    private final PhysicalMemory memory;
    private final VmRecord record;
    private final Gson gson = new Gson();
    private final List<Boot> boots = new ArrayList<>();
    private long lastId;
    private boolean gone;
    private boolean closed;

    Vm(VmBuilder setup, Session session, PhysicalMemory memory, VmRecord record) {
        this.setup = setup;
        this.session = session;
        this.memory = memory;
        this.record = record;
    }

    /** Runs a task inside and returns its result. */
    public <A, R> R run(Class<? extends GuestTask<A, R>> task, A args) {
        return await(task, args, setup.deadlines().task());
    }

    /** Runs a task inside that may be silent for as long as {@code deadline}, times {@code HOLDFAST_TIMEOUT_SCALE}. */
    public <A, R> R run(Class<? extends GuestTask<A, R>> task, A args, Duration deadline) {
        return await(task, args, setup.deadlines().scaled(deadline));
    }

    private <A, R> R await(Class<? extends GuestTask<A, R>> task, A args, Duration deadline) {
        long id = send(task, args);
        while (true) {
            Message message = nextMessage(deadline, "answer of " + task.getSimpleName());
            switch (message.kind()) {
                case RESULT -> {
                    expectId(id, message);
                    @SuppressWarnings("unchecked") // the result's type is the R that the task declares
                    R result = (R) gson.fromJson(message.body(), TaskTypes.result(task));
                    return Objects.requireNonNull(result, () -> task.getSimpleName() + " returned nothing");
                }
                case ERROR -> throw thrown(task, message);
                case PROGRESS -> setup.report().say(message.body().getAsString());
                default -> throw unexpected(message);
            }
        }
    }

    /** Runs a shell command inside. */
    public Shell.Output sh(String command) {
        Duration deadline = setup.deadlines().task();
        return await(Shell.class, new Shell.Args(command, deadline.toMillis()), deadline.plusSeconds(10));
    }

    /** The kernel that runs now, to be started again with the same command line, loaded by the library. */
    public NextKernel sameKernel() {
        Boot now = boot();
        return new NextKernel(now.release(), now.commandLine());
    }

    /** Another kernel that the VM was told to carry, to be started with the command line of the one that runs now. */
    public NextKernel otherKernel(KernelSpec spec) {
        return new NextKernel(setup.releaseOf(spec), boot().commandLine());
    }

    /** Loads the same kernel once more and jumps into it. */
    public Boot kexec() {
        return kexec(sameKernel());
    }

    /** Loads a kernel and jumps into it; returns when its agent is ready. */
    public Boot kexec(NextKernel next) {
        load(next);
        return jump();
    }

    /** Loads a kernel, for {@link #jump}. */
    public void load(NextKernel next) {
        run(KernelLoading.class, next.arguments(false));
    }

    /** Loads a kernel, for {@link #crash}. The running kernel needs {@code crashkernel=} on its command line. */
    public void loadCrash(NextKernel next) {
        run(KernelLoading.class, next.arguments(true));
    }

    /** Jumps into the loaded kernel; returns when its agent is ready. Nothing is unmounted. */
    public Boot jump() {
        return jump(Leaving.class, Leaving.Way.KEXEC);
    }

    /** The same by a task that jumps; it says {@link Leaving#LAST_WORD} before and never returns. */
    public <A> Boot jump(Class<? extends GuestTask<A, None>> task, A args) {
        inspect();
        return leave(task, args);
    }

    /**
     * Jumps into the loaded kernel, whose init says that it is there and no more ({@link VmBuilder#idleInitrd}). The VM is good for
     * nothing then but its end.
     *
     * @return how long it took from the jump to init, in milliseconds, by the host's clock
     */
    public long leap() {
        inspect();
        gone = true;
        depart(Leaving.class, Leaving.Way.KEXEC);
        return new BootProgress(session, setup.deadlines()).awaitInit(System.nanoTime());
    }

    /** Lets the kernel panic; returns when the agent of the loaded crash kernel is ready. */
    public Boot crash() {
        return crash(Leaving.class, Leaving.Way.PANIC);
    }

    /** The same by a task that makes the kernel panic; it says {@link Leaving#LAST_WORD} before and never returns. */
    public <A> Boot crash(Class<? extends GuestTask<A, None>> task, A args) {
        inspect();
        session.watcher().expect(Trouble.PANIC);
        Boot next = leave(task, args);
        if (session.stillExpects(Trouble.PANIC)) {
            throw new BootFailed("the next kernel came without a panic of the one before", session.evidence());
        }
        return next;
    }

    /** Switches the VM off from inside and waits for its end. */
    public void powerOff() {
        inspect();
        gone = true;
        depart(Leaving.class, Leaving.Way.POWER_OFF);
        session.awaitExit(setup.deadlines().task());
    }

    private <A> Boot leave(Class<? extends GuestTask<A, None>> task, A args) {
        depart(task, args);
        return awaitBoot(System.nanoTime());
    }

    private <A> void depart(Class<? extends GuestTask<A, None>> task, A args) {
        send(task, args);
        Message message = nextMessage(setup.deadlines().task(), "last word of " + task.getSimpleName() + " " + args);
        if (message.kind() == Message.Kind.ERROR) {
            throw thrown(task, message);
        }
        if (message.kind() != Message.Kind.PROGRESS
                || !message.body().getAsString().equals(Leaving.LAST_WORD)) {
            throw unexpected(message);
        }
    }

    /** The kernel that runs now. */
    public Boot boot() {
        return boots.get(boots.size() - 1);
    }

    /** All kernels that ran, the first first. */
    public List<Boot> boots() {
        return List.copyOf(boots);
    }

    /** The region on the kernel's command line. */
    public PhysicalRange region() {
        return setup.region();
    }

    /** The machine's memory, seen from outside. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** What is known about this VM so far. */
    public VmRecord record() {
        return record.with(boots);
    }

    private Boot awaitBoot(long leftAt) {
        return booted(new BootProgress(session, setup.deadlines()).await(leftAt));
    }

    Boot booted(Boot boot) {
        boots.add(boot);
        return boot;
    }

    private <A> long send(Class<? extends GuestTask<A, ?>> task, A args) {
        long id = ++lastId;
        session.send(gson.toJson(new Message(Message.Kind.RUN, id, task.getName(), gson.toJsonTree(args))));
        return id;
    }

    private Message nextMessage(Duration deadline, String waitingFor) {
        Frame frame = session.next(deadline, waitingFor);
        if (frame instanceof Frame.Json json) {
            return gson.fromJson(json.text(), Message.class);
        }
        throw new BootFailed("the kernel was started anew behind the test's back: " + frame, session.evidence());
    }

    private void expectId(long id, Message message) {
        if (message.id() != id) {
            throw new Garbled("an answer to request " + message.id() + " instead of " + id, session.evidence());
        }
    }

    private GuestFailed thrown(Class<?> task, Message message) {
        return new GuestFailed(
                task.getSimpleName(), gson.fromJson(message.body(), Message.Thrown.class), session.evidence());
    }

    private Garbled unexpected(Message message) {
        return new Garbled("the agent said what it should not say now: " + message, session.evidence());
    }

    /** What a debug kernel knows is asked before it is left, since the next one knows nothing of it. */
    private void inspect() {
        if (!setup.debug()) {
            return;
        }
        List<String> complaints = run(Inspecting.class, None.NONE).complaints();
        if (!complaints.isEmpty()) {
            throw new Unsound(String.join("\n", complaints), session.evidence());
        }
    }

    /**
     * Ends the VM; if it may be looked at after a failure, only when its test has ended.
     *
     * @throws VmFailure if the console told of trouble that no other method has reported
     */
    @Override
    public void close() {
        if (!setup.onFailure().looksAtVm()) {
            end();
        }
    }

    /** Whether the console has told of trouble, expected trouble left out. */
    public boolean isTroubled() {
        return session.isTroubled();
    }

    /** For a VM that still runs although its test has failed: keeps its dmesg and what else is wanted of it then. */
    public void autopsy() throws IOException {
        if (!closed) {
            new Autopsy(this, setup, session).perform();
        }
    }

    /**
     * Ends the VM, whatever else is wanted of it.
     *
     * @throws VmFailure if the console told of trouble that no other method has reported, or a debug kernel knows of any
     */
    public void end() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!gone && !session.failed()) {
                inspect();
            }
        } finally {
            conclude();
        }
    }

    private void conclude() {
        try {
            List<VmFailure> untold = session.end();
            record().write(setup.results());
            for (VmFailure failure : untold) {
                throw failure;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
