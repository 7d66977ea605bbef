// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.examples.kvm.Kvm;
import dev.holdfast.examples.kvm.KvmVm;
import dev.holdfast.examples.kvm.Vcpu;
import dev.holdfast.examples.kvm.VcpuState;
import dev.holdfast.examples.kvm.VmState;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A virtual machine with memory that it is lent, up to four processors, the chips of a PC, and a serial port. It is made standing still;
 * what it does then comes from registers that a loader sets, or from a saved state.
 *
 * <p>Used by one thread at a time. Closing it ends the guest and leaves its memory as it is.
 */
public final class Machine implements AutoCloseable {
    /** The most processors. */
    public static final int MOST_VCPUS = 4;

    private static final String CPUID = "cpuid";
    private static final String VCPUS = "vcpus";
    private static final String MSRS = "MSRS";
    private static final int PAGE = 4096;

    private final Kvm kvm;
    private final KvmVm vm;
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final List<VcpuThread> threads = new ArrayList<>();
    private final byte[] cpuid;
    private final int[] msrs;

    private Machine(Kvm kvm, byte[] cpuid) {
        this.kvm = kvm;
        this.cpuid = cpuid;
        this.msrs = kvm.msrs();
        this.vm = kvm.createVm();
    }

    /**
     * Makes a machine.
     *
     * @param address where its memory is mapped in this process
     * @param size how much, in bytes, a multiple of 8192, at most 1 GiB; the guest sees it from address 0
     * @param vcpus how many processors, 1 to {@link #MOST_VCPUS}
     * @param serial where what the guest says goes
     * @throws VmmException if size or number of processors are not of that form
     */
    public static Machine create(long address, long size, int vcpus, OutputStream serial) {
        return make(address, size, vcpus, serial, Kvm::supportedCpuid);
    }

    /**
     * Makes a machine that stands where another one stood.
     *
     * @param state what {@link #save()} gave, in this kernel or in another
     */
    public static Machine restore(long address, long size, MachineState state, OutputStream serial) {
        int vcpus = ByteBuffer.wrap(state.get(VCPUS)).getInt();
        Machine machine = make(address, size, vcpus, serial, kvm -> state.get(CPUID));
        try {
            machine.load(state);
            return machine;
        } catch (RuntimeException | Error e) {
            machine.close();
            throw e;
        }
    }

    private static Machine make(long address, long size, int vcpus, OutputStream serial, Function<Kvm, byte[]> cpuid) {
        if (vcpus < 1 || vcpus > MOST_VCPUS) {
            throw new VmmException("a machine has 1 to " + MOST_VCPUS + " processors, not " + vcpus);
        }
        if (size <= 0 || size % (2 * PAGE) != 0 || size > LongMode.MOST_MEMORY) {
            throw new VmmException(
                    "a machine has at most 1 GiB of memory, a multiple of 8 KiB, not " + size + " bytes");
        }
        Kvm kvm = Kvm.open();
        Machine machine;
        try {
            machine = new Machine(kvm, cpuid.apply(kvm));
        } catch (RuntimeException | Error e) {
            kvm.close();
            throw e;
        }
        try {
            machine.assemble(address, size, vcpus, new Serial(serial));
            return machine;
        } catch (RuntimeException | Error e) {
            machine.close();
            throw e;
        }
    }

    /** Memory comes in two pieces, as it would around a hole for devices. */
    private void assemble(long address, long size, int count, Serial serial) {
        vm.createChips();
        vm.memory(0, 0, size / 2, address);
        vm.memory(1, size / 2, size / 2, address + size / 2);
        for (int number = 0; number < count; number++) {
            Vcpu vcpu = vm.createVcpu(number);
            vcpus.add(vcpu);
            vcpu.cpuid(ofProcessor(number));
            threads.add(new VcpuThread(number, vcpu, serial));
        }
    }

    /** Each processor tells its own number: in leaf 1, bits 24 to 31 of EBX, and in EDX of the leaves of the topology. */
    private byte[] ofProcessor(int number) {
        byte[] own = cpuid.clone();
        ByteBuffer entries = Vcpu.struct(own);
        for (int entry = 8; entry < own.length; entry += 40) {
            int leaf = entries.getInt(entry);
            if (leaf == 1) {
                entries.putInt(entry + 16, entries.getInt(entry + 16) & 0x00ffffff | number << 24);
            } else if (leaf == 0xb || leaf == 0x1f) {
                entries.putInt(entry + 24, number);
            }
        }
        return own;
    }

    /** A processor, for a loader to set up. */
    Vcpu vcpu(int number) {
        return vcpus.get(number);
    }

    /** How many processors it has. */
    public int vcpus() {
        return vcpus.size();
    }

    /** Lets the guest run. */
    public void resume() {
        threads.forEach(VcpuThread::resume);
    }

    /**
     * Makes the guest stand still, on all processors.
     *
     * @throws VmmException if a processor stood still already, because something went wrong
     */
    public void pause() throws InterruptedException {
        threads.forEach(VcpuThread::stop);
        for (VcpuThread thread : threads) {
            thread.awaitStop();
        }
    }

    /**
     * Whether the guest runs as it should.
     *
     * @throws VmmException if not
     */
    public void check() {
        threads.forEach(VcpuThread::check);
    }

    /** All that has to be known of the guest, beside its memory. It stands still. */
    public MachineState save() {
        MachineState state = new MachineState();
        state.put(VCPUS, ByteBuffer.allocate(Integer.BYTES).putInt(vcpus.size()).array());
        state.put(CPUID, cpuid);
        // The clocks first: whatever is read later is read at a later time, and no clock goes backwards.
        for (int number = 0; number < vcpus.size(); number++) {
            state.put(name(number, MSRS), bytes(vcpus.get(number).msrs(msrs)));
        }
        for (VmState part : VmState.values()) {
            state.put(part.name(), vm.get(part));
        }
        for (int number = 0; number < vcpus.size(); number++) {
            for (VcpuState part : VcpuState.values()) {
                state.put(name(number, part.name()), vcpus.get(number).get(part));
            }
        }
        return state;
    }

    private void load(MachineState state) {
        for (VmState part : VmState.values()) {
            vm.set(part, state.get(part.name()));
        }
        for (int number = 0; number < vcpus.size(); number++) {
            Vcpu vcpu = vcpus.get(number);
            for (VcpuState part : VcpuState.values()) {
                vcpu.set(part, state.get(name(number, part.name())));
                if (part == VcpuState.LAPIC) {
                    vcpu.msrs(msrs(state.get(name(number, MSRS))));
                }
            }
        }
    }

    private static String name(int vcpu, String part) {
        return "vcpu" + vcpu + "." + part;
    }

    private static byte[] bytes(Map<Integer, Long> msrs) {
        ByteBuffer out = ByteBuffer.allocate(msrs.size() * (Integer.BYTES + Long.BYTES));
        msrs.forEach((number, value) -> out.putInt(number).putLong(value));
        return out.array();
    }

    private static Map<Integer, Long> msrs(byte[] bytes) {
        Map<Integer, Long> msrs = new TreeMap<>(Integer::compareUnsigned);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            msrs.put(in.getInt(), in.getLong());
        }
        return msrs;
    }

    @Override
    public void close() {
        try {
            for (VcpuThread thread : threads) {
                thread.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            vm.close();
            kvm.close();
        }
    }
}
