// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A virtual machine. */
public final class KvmVm implements AutoCloseable {
    /** Three pages that Intel's processors need below 4 GiB, where no memory is. */
    private static final long TSS_ADDRESS = 0xfffbd000L;

    private static final int CLOCK_VALUE = 8;

    /** The port of the speaker, by which the timer is read too, is KVM's. */
    private static final int SPEAKER = 1;

    private final Descriptor descriptor;
    private final int runSize;

    KvmVm(Descriptor descriptor, int runSize) {
        this.descriptor = descriptor;
        this.runSize = runSize;
    }

    /**
     * Gives it memory.
     *
     * @param slot number of the piece, from 0
     * @param guestAddress where the guest sees it, in bytes, a multiple of 4096
     * @param size its size, in bytes, a multiple of 4096
     * @param address where it is mapped in this process
     */
    public void memory(int slot, long guestAddress, long size, long address) {
        ByteBuffer region = struct(Ioctl.KVM_SET_USER_MEMORY_REGION.size())
                .putInt(slot)
                .putInt(0)
                .putLong(guestAddress)
                .putLong(size)
                .putLong(address);
        descriptor.write(Ioctl.KVM_SET_USER_MEMORY_REGION, region.array());
    }

    /** Gives it interrupt controllers and the timer of a PC; before processors are made. */
    public void createChips() {
        descriptor.call(Ioctl.KVM_SET_TSS_ADDR, TSS_ADDRESS);
        descriptor.call(Ioctl.KVM_CREATE_IRQCHIP, 0);
        descriptor.write(
                Ioctl.KVM_CREATE_PIT2,
                struct(Ioctl.KVM_CREATE_PIT2.size()).putInt(SPEAKER).array());
    }

    /** Raises or lowers an interrupt line of a PC, 0 to 23. */
    public void interrupt(int line, boolean level) {
        descriptor.write(
                Ioctl.KVM_IRQ_LINE,
                struct(Ioctl.KVM_IRQ_LINE.size())
                        .putInt(line)
                        .putInt(level ? 1 : 0)
                        .array());
    }

    /** Gives it a processor. */
    public Vcpu createVcpu(int number) {
        return new Vcpu(new Descriptor(descriptor.call(Ioctl.KVM_CREATE_VCPU, number)), runSize);
    }

    /** Reads a part of its state; no processor runs. */
    public byte[] get(VmState part) {
        return descriptor.read(
                part.get, struct(part.size()).putInt(0, part.which).array());
    }

    /** Writes a part of its state; no processor runs. */
    public void set(VmState part, byte[] state) {
        if (state.length != part.size()) {
            throw new IllegalArgumentException(part + " has " + part.size() + " bytes, not " + state.length);
        }
        byte[] written = state.clone();
        if (part == VmState.CLOCK) {
            // Behind the time stand flags that say what was known when it was read, and are not taken back.
            Arrays.fill(written, CLOCK_VALUE, written.length, (byte) 0);
        }
        descriptor.write(part.set, written);
    }

    private static ByteBuffer struct(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
