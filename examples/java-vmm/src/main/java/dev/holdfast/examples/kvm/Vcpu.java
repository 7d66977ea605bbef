// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A processor of a virtual machine. One thread calls {@link #enter()}, then {@link #run()} as often as it likes, and {@link #leave()} before it ends;
 * another may {@link #kick()}.
 *
 * <p><b>How it is stopped.</b> KVM_RUN returns when a signal arrives. One that arrives just before it would be lost, and a handler of our own has no
 * place in a JVM. So the thread blocks one real-time signal, and KVM lets it through while the guest runs: it is never delivered, only seen, whenever it was
 * sent, and {@link #run()} takes it away.
 */
public final class Vcpu implements AutoCloseable {
    /** A real-time signal that neither the JVM nor libc uses. */
    private static final int KICK = 44;

    private static final int SIGSET = 128;
    private static final int KERNEL_SIGSET = 8;
    private static final int EXIT_REASON = 8;
    private static final int DETAILS = 32;
    private static final int MSR_HEAD = 8;
    private static final int MSR_ENTRY = 16;

    private final Descriptor descriptor;
    private final int runSize;
    private final Pointer run;
    private int thread;
    private boolean open = true;

    Vcpu(Descriptor descriptor, int runSize) {
        this.descriptor = descriptor;
        this.runSize = runSize;
        this.run = Libc.mmap(null, runSize, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, descriptor.number(), 0);
        if (Pointer.nativeValue(run) == -1) {
            int errno = Native.getLastError();
            descriptor.close();
            throw new KvmException("mmap(kvm_run)", errno);
        }
    }

    /** What processor it is: what {@link Kvm#supportedCpuid()} said, here or in another kernel. Before it runs. */
    public void cpuid(byte[] cpuid) {
        descriptor.write(Ioctl.KVM_SET_CPUID2, cpuid);
    }

    /** Reads a part of its state; it does not run. */
    public byte[] get(VcpuState part) {
        return descriptor.read(part.get, new byte[part.size()]);
    }

    /** Writes a part of its state; it does not run. */
    public void set(VcpuState part, byte[] state) {
        if (state.length != part.size()) {
            throw new IllegalArgumentException(part + " has " + part.size() + " bytes, not " + state.length);
        }
        descriptor.write(part.set, state);
    }

    /** Reads model specific registers; those that this processor does not have are left out. */
    public Map<Integer, Long> msrs(int[] numbers) {
        Map<Integer, Long> values = new LinkedHashMap<>();
        for (int number : numbers) {
            try (Memory one = msr(number, 0)) {
                if (descriptor.call(Ioctl.KVM_GET_MSRS, one) == 1) {
                    values.put(number, one.getLong(MSR_HEAD + 8));
                }
            }
        }
        return values;
    }

    /**
     * Writes model specific registers. One that cannot be written may only have the value already.
     *
     * @throws KvmException if one cannot be written and has another value
     */
    public void msrs(Map<Integer, Long> values) {
        values.forEach((number, value) -> {
            try (Memory one = msr(number, value)) {
                if (descriptor.call(Ioctl.KVM_SET_MSRS, one) == 1) {
                    return;
                }
            }
            if (!value.equals(msrs(new int[] {number}).getOrDefault(number, 0L))) {
                throw new KvmException(
                        "this processor does not take 0x%x for its register 0x%x".formatted(value, number));
            }
        });
    }

    private static Memory msr(int number, long value) {
        Memory one = new Memory(MSR_HEAD + MSR_ENTRY);
        one.clear();
        one.setInt(0, 1);
        one.setInt(MSR_HEAD, number);
        one.setLong(MSR_HEAD + 8, value);
        return one;
    }

    /** Makes the calling thread the one that runs it. */
    public synchronized void enter() {
        try (Memory set = kickSet();
                Memory mask = new Memory(Integer.BYTES + KERNEL_SIGSET)) {
            int errno = Libc.pthread_sigmask(Libc.SIG_BLOCK, set, null);
            if (errno != 0) {
                throw new KvmException("pthread_sigmask", errno);
            }
            // All that is blocked while the guest runs: nothing.
            mask.clear();
            mask.setInt(0, KERNEL_SIGSET);
            descriptor.call(Ioctl.KVM_SET_SIGNAL_MASK, mask);
        }
        thread = Libc.gettid();
    }

    /** Ends what {@link #enter()} began. A thread that ends has its signals let through: none may be waiting then. */
    public synchronized void leave() {
        thread = 0;
        takeKicks();
    }

    /**
     * Lets the guest go on until it needs us or is kicked. What the guest asked for last is complete when it returns {@link
     * Exit#KICKED}, and only then is there a state to save.
     */
    public Exit run() {
        if (Libc.ioctl(descriptor.number(), Ioctl.KVM_RUN.request(), 0L) < 0) {
            int errno = Native.getLastError();
            if (errno == Libc.EINTR || errno == Libc.EAGAIN) {
                takeKicks();
                return Exit.KICKED;
            }
            throw new KvmException("ioctl(KVM_RUN)", errno);
        }
        return Exit.of(run.getInt(EXIT_REASON));
    }

    private static void takeKicks() {
        try (Memory set = kickSet();
                Memory now = new Memory(16)) {
            now.clear();
            while (Libc.sigtimedwait(set, null, now) == KICK) {
                // One may have come more than once.
            }
        }
    }

    private static Memory kickSet() {
        Memory set = new Memory(SIGSET);
        set.clear();
        set.setLong(0, 1L << KICK - 1);
        return set;
    }

    /** Makes {@link #run()} return, now or when it is called next. Any thread may call it; nothing happens if no thread has entered. */
    public synchronized void kick() {
        if (thread != 0 && Libc.tgkill(Libc.getpid(), thread, KICK) != 0) {
            throw new KvmException("tgkill", Native.getLastError());
        }
    }

    /** What the guest asked for, after {@link Exit#IO} or {@link Exit#MMIO}. */
    public Access access() {
        return Exit.of(run.getInt(EXIT_REASON)) == Exit.IO ? new PortAccess(run) : new MmioAccess(run);
    }

    /** Tells a guest that looks at kvm-clock that it stood still, so that its watchdogs let that pass. Nothing happens if it does not look. */
    public void stoodStill() {
        int result = Libc.ioctl(descriptor.number(), Ioctl.KVM_KVMCLOCK_CTRL.request(), 0L);
        if (result < 0 && Native.getLastError() != Libc.EINVAL) {
            throw new KvmException("ioctl(KVM_KVMCLOCK_CTRL)", Native.getLastError());
        }
    }

    /** The last exit, for messages: its number and what KVM says beside it. */
    public String exit() {
        return "exit %d, 0x%x 0x%x".formatted(run.getInt(EXIT_REASON), run.getLong(DETAILS), run.getLong(DETAILS + 8));
    }

    /** A buffer for a struct of the kernel's. */
    public static ByteBuffer struct(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.munmap(run, runSize);
            descriptor.close();
        }
    }
}
