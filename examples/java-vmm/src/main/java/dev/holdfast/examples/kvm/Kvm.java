// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** KVM itself: {@code /dev/kvm}. */
public final class Kvm implements AutoCloseable {
    private static final int VERSION = 12;
    private static final int MOST_CPUID_ENTRIES = 256;
    private static final int MOST_MSRS = 1024;
    private static final int CPUID_HEAD = 8;
    private static final int CPUID_ENTRY = 40;

    private final Descriptor descriptor;

    private Kvm(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens it.
     *
     * @throws KvmException if there is none, or not for us, or not of version 12
     */
    public static Kvm open() {
        Kvm kvm = new Kvm(Descriptor.open("/dev/kvm"));
        int version = kvm.descriptor.call(Ioctl.KVM_GET_API_VERSION, 0);
        if (version != VERSION) {
            kvm.close();
            throw new KvmException("/dev/kvm has version " + version + " of its API, " + VERSION + " is needed");
        }
        return kvm;
    }

    /** Makes a virtual machine without memory and processors. */
    public KvmVm createVm() {
        return new KvmVm(
                new Descriptor(descriptor.call(Ioctl.KVM_CREATE_VM, 0)),
                descriptor.call(Ioctl.KVM_GET_VCPU_MMAP_SIZE, 0));
    }

    /** What a processor can say of itself here: {@code struct kvm_cpuid2} with its entries. */
    public byte[] supportedCpuid() {
        ByteBuffer cpuid = ByteBuffer.allocate(CPUID_HEAD + MOST_CPUID_ENTRIES * CPUID_ENTRY)
                .order(ByteOrder.nativeOrder())
                .putInt(0, MOST_CPUID_ENTRIES);
        byte[] filled = descriptor.read(Ioctl.KVM_GET_SUPPORTED_CPUID, cpuid.array());
        int entries = ByteBuffer.wrap(filled).order(ByteOrder.nativeOrder()).getInt(0);
        return Arrays.copyOf(filled, CPUID_HEAD + entries * CPUID_ENTRY);
    }

    /** The numbers of the model specific registers that hold state here: those that KVM lists, and the MTRRs, which it keeps and does not list. */
    public int[] msrs() {
        ByteBuffer list = ByteBuffer.allocate(Integer.BYTES * (1 + MOST_MSRS))
                .order(ByteOrder.nativeOrder())
                .putInt(0, MOST_MSRS);
        ByteBuffer filled = ByteBuffer.wrap(descriptor.read(Ioctl.KVM_GET_MSR_INDEX_LIST, list.array()))
                .order(ByteOrder.nativeOrder());
        int[] numbers = new int[filled.getInt()];
        filled.asIntBuffer().get(numbers);
        return IntStream.concat(IntStream.of(numbers), mtrrs()).distinct().toArray();
    }

    /** Bases and masks of the 8 ranges, the fixed ranges of the lowest MiB in pieces of 64, 16 and 4 KiB, the default with what is enabled. */
    private static IntStream mtrrs() {
        return Stream.of(
                        IntStream.rangeClosed(0x200, 0x20f),
                        IntStream.of(0x250, 0x258, 0x259),
                        IntStream.rangeClosed(0x268, 0x26f),
                        IntStream.of(0x2ff))
                .flatMapToInt(Function.identity());
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
