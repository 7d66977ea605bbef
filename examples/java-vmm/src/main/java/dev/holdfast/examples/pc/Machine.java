// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Kvm;
import dev.holdfast.examples.kvm.KvmVm;
import dev.holdfast.examples.kvm.Vcpu;
import dev.holdfast.examples.kvm.VcpuState;
import dev.holdfast.examples.kvm.VmState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A virtual machine with memory that it is lent, up to four processors, the chips of a PC, a serial port and a virtio console. It is made
 * standing still; what it does then comes from registers that a loader sets, or from a saved state.
 *
 * <p>Used by one thread at a time, but for {@link #type}. Closing it ends the guest and leaves its memory as it is.
 */
public final class Machine implements AutoCloseable {
    /** The most processors. */
    public static final int MOST_VCPUS = 4;

    /** The first port of its serial port. */
    public static final int SERIAL_PORT = Serial.FIRST_PORT;

    /** How many ports that has. */
    public static final int SERIAL_PORTS = Serial.PORTS;

    /** The interrupt line of the serial port. */
    public static final int SERIAL_INTERRUPT = Serial.INTERRUPT;

    /** Where the registers of its virtio console are. */
    public static final long CONSOLE_ADDRESS = VirtioConsole.ADDRESS;

    /** How many bytes they take. */
    public static final int CONSOLE_SIZE = VirtioConsole.SIZE;

    /** The interrupt line of the console. */
    public static final int CONSOLE_INTERRUPT = VirtioConsole.INTERRUPT;

    private static final String CPUID = "cpuid";
    private static final int BELOW_A_HYPERVISOR = 1 << 31;
    private static final String VCPUS = "vcpus";
    private static final String MSRS = "MSRS";
    private static final String SERIAL = "serial";
    private static final String CONSOLE = "console";
    private static final String TYPED = "typed";

    private final Kvm kvm;
    private final KvmVm vm;
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final List<VcpuThread> threads = new ArrayList<>();
    private final GuestRam ram;
    private final byte[] cpuid;
    private final int[] msrs;
    private final Serial serial;
    private final VirtioConsole console;
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private boolean running;

    /**
     * Where what a guest says goes.
     *
     * @param serial by the serial port
     * @param console on the virtio console
     */
    public record Outputs(OutputStream serial, OutputStream console) {}

    private Machine(Kvm kvm, GuestRam ram, byte[] cpuid, Outputs outputs) {
        this.kvm = kvm;
        this.ram = ram;
        this.cpuid = cpuid;
        this.msrs = kvm.msrs();
        this.vm = kvm.createVm();
        this.serial = new Serial(outputs.serial(), high -> vm.interrupt(Serial.INTERRUPT, high));
        this.console = new VirtioConsole(ram, outputs.console(), high -> vm.interrupt(VirtioConsole.INTERRUPT, high));
    }

    /**
     * Makes a machine.
     *
     * @param vcpus how many processors, 1 to {@link #MOST_VCPUS}
     * @throws MachineException if it cannot have so many
     */
    public static Machine create(GuestRam ram, int vcpus, Outputs outputs) {
        return make(ram, vcpus, outputs, Kvm::supportedCpuid);
    }

    /**
     * Makes a machine that stands where another one stood.
     *
     * @param state what {@link #save()} gave, in this kernel or in another
     */
    public static Machine restore(GuestRam ram, MachineState state, Outputs outputs) {
        int vcpus = ByteBuffer.wrap(state.get(VCPUS)).getInt();
        Machine machine = make(ram, vcpus, outputs, kvm -> state.get(CPUID));
        try {
            machine.load(state);
            return machine;
        } catch (RuntimeException | Error e) {
            machine.close();
            throw e;
        }
    }

    private static Machine make(GuestRam ram, int vcpus, Outputs outputs, Function<Kvm, byte[]> cpuid) {
        if (vcpus < 1 || vcpus > MOST_VCPUS) {
            throw new MachineException("a machine has 1 to " + MOST_VCPUS + " processors, not " + vcpus);
        }
        Kvm kvm = Kvm.open();
        Machine machine;
        try {
            machine = new Machine(kvm, ram, cpuid.apply(kvm), outputs);
        } catch (RuntimeException | Error e) {
            kvm.close();
            throw e;
        }
        try {
            machine.assemble(vcpus);
            return machine;
        } catch (RuntimeException | Error e) {
            machine.close();
            throw e;
        }
    }

    private void assemble(int count) {
        vm.createChips();
        int slot = 0;
        for (GuestRam.Piece piece : ram.pieces()) {
            vm.memory(slot++, piece.guestAddress(), piece.size(), ram.addressOf(piece));
        }
        Bus ports = new Bus();
        ports.plug(Serial.FIRST_PORT, Serial.PORTS, serial);
        Bus memory = new Bus();
        memory.plug(VirtioConsole.ADDRESS, VirtioConsole.SIZE, console);
        for (int number = 0; number < count; number++) {
            Vcpu vcpu = vm.createVcpu(number);
            vcpus.add(vcpu);
            vcpu.cpuid(ofProcessor(number));
            threads.add(new VcpuThread(number, vcpu, ports, memory));
        }
    }

    /**
     * Each processor tells its own number: in leaf 1, bits 24 to 31 of EBX, and in EDX of the leaves of the topology. In ECX of leaf 1
     * it tells that further leaves say what KVM offers.
     */
    private byte[] ofProcessor(int number) {
        byte[] own = cpuid.clone();
        ByteBuffer entries = Vcpu.struct(own);
        for (int entry = 8; entry < own.length; entry += 40) {
            int leaf = entries.getInt(entry);
            if (leaf == 1) {
                entries.putInt(entry + 16, entries.getInt(entry + 16) & 0x00ffffff | number << 24);
                entries.putInt(entry + 20, entries.getInt(entry + 20) | BELOW_A_HYPERVISOR);
            } else if (leaf == 0xb || leaf == 0x1f) {
                entries.putInt(entry + 24, number);
            }
        }
        return own;
    }

    /** Its memory. */
    public GuestRam ram() {
        return ram;
    }

    /** A processor, for a loader to set up. */
    public Vcpu vcpu(int number) {
        return vcpus.get(number);
    }

    /** What belongs to no processor, for a loader to set up: the chips and the clock. */
    public KvmVm vm() {
        return vm;
    }

    /** How many processors it has. */
    public int vcpus() {
        return vcpus.size();
    }

    /** Lets the guest run; one with a watchdog that looks at kvm-clock is told that it stood still. */
    public void resume() {
        vcpus.forEach(Vcpu::stoodStill);
        threads.forEach(VcpuThread::resume);
        synchronized (typed) {
            running = true;
            typeInto(typed.toByteArray());
            typed.reset();
        }
    }

    /**
     * Types text: into the virtio console, or into the serial port as long as the guest does not know the console. What is typed while
     * the guest stands still waits. Any thread may call it.
     */
    public void type(byte[] text) {
        synchronized (typed) {
            if (running) {
                typeInto(text);
            } else {
                typed.writeBytes(text);
            }
        }
    }

    private void typeInto(byte[] text) {
        if (console.isReady()) {
            console.receive(text);
        } else {
            serial.receive(text);
        }
    }

    /**
     * Makes the guest stand still, on all processors.
     *
     * @throws MachineException if a processor stood still already, because something went wrong
     */
    public void pause() throws InterruptedException {
        synchronized (typed) {
            running = false;
        }
        threads.forEach(VcpuThread::stop);
        for (VcpuThread thread : threads) {
            thread.awaitStop();
        }
    }

    /**
     * Whether the guest runs as it should.
     *
     * @throws MachineException if not
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
        state.put(SERIAL, bytes(serial));
        state.put(CONSOLE, bytes(console));
        synchronized (typed) {
            state.put(TYPED, typed.toByteArray());
        }
        return state;
    }

    private static byte[] bytes(Device device) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            device.save(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void load(Device device, byte[] state) {
        try {
            device.load(new DataInputStream(new ByteArrayInputStream(state)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The devices last: they may call a processor. */
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
        load(serial, state.get(SERIAL));
        load(console, state.get(CONSOLE));
        typed.writeBytes(state.get(TYPED));
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
