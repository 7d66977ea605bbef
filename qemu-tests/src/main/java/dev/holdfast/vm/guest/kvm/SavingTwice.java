// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.GuestMemory;
import dev.holdfast.GuestMemoryFile;
import dev.holdfast.Region;
import dev.holdfast.examples.kvm.Vcpu;
import dev.holdfast.examples.kvm.VcpuState;
import dev.holdfast.examples.kvm.VmState;
import dev.holdfast.examples.pc.GuestRam;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import dev.holdfast.examples.pc.MachineState;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes a machine that stands still, gives it the {@link OddState}, saves it, restores it as another machine, and saves that one, too.
 */
public final class SavingTwice implements GuestTask<SavingTwice.Args, SavingTwice.Saved> {
    private static final long SIZE = 4 << 20;

    /**
     * What machine.
     *
     * @param vcpus how many processors
     */
    public record Args(int vcpus) {}

    /**
     * A piece of a saved state.
     *
     * @param name its name
     * @param hex its bytes
     */
    public record Piece(String name, String hex) {}

    /**
     * What was saved.
     *
     * @param refusal why there is no such machine; empty if there is one
     * @param fresh of a new machine
     * @param first of the machine with the odd state
     * @param second of the one restored from that
     */
    public record Saved(String refusal, List<Piece> fresh, List<Piece> first, List<Piece> second) {}

    @Override
    public Saved run(Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            GuestMemoryFile file = region.guestMemory("odd");
            try (GuestMemory memory = file.create(SIZE)) {
                return saved(new GuestRam(memory.address(), memory.size()), args.vcpus());
            } catch (MachineException e) {
                return new Saved(String.valueOf(e.getMessage()), List.of(), List.of(), List.of());
            } finally {
                file.remove();
            }
        }
    }

    private static Saved saved(GuestRam ram, int vcpus) {
        Machine.Outputs nowhere = new Machine.Outputs(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        byte[] fresh;
        byte[] first;
        try (Machine machine = Machine.create(ram, vcpus, nowhere)) {
            fresh = machine.save().toBytes();
            setUp(machine);
            first = machine.save().toBytes();
        }
        try (Machine machine = Machine.restore(ram, MachineState.of(first), nowhere)) {
            return new Saved(
                    "", pieces(fresh), pieces(first), pieces(machine.save().toBytes()));
        }
    }

    /** The model specific registers first: with the local APIC its timer starts, and needs no more of them. */
    private static void setUp(Machine machine) {
        for (VmState part : VmState.values()) {
            machine.vm().set(part, changed(machine.vm().get(part), OddState.of(part)));
        }
        for (int number = 0; number < machine.vcpus(); number++) {
            Vcpu vcpu = machine.vcpu(number);
            vcpu.msrs(OddState.msrs(number));
            for (VcpuState part : VcpuState.values()) {
                vcpu.set(part, changed(vcpu.get(part), OddState.of(part, number, machine.vcpus())));
            }
        }
    }

    private static byte[] changed(byte[] part, List<OddState.Value> values) {
        values.forEach(value -> value.into(part));
        return part;
    }

    /** Reads what {@link MachineState#toBytes()} wrote, whatever the hypervisor makes of it. */
    private static List<Piece> pieces(byte[] state) {
        ByteBuffer in = ByteBuffer.wrap(state).position(2 * Integer.BYTES);
        List<Piece> pieces = new ArrayList<>();
        for (int count = in.getInt(); count > 0; count--) {
            String name = new String(next(in), StandardCharsets.UTF_8);
            pieces.add(new Piece(name, HexFormat.of().formatHex(next(in))));
        }
        return pieces;
    }

    private static byte[] next(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }
}
