// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/**
 * Calls of KVM's, by the names that {@code linux/kvm.h} gives them. A request is a direction, the size of the argument, the letter of
 * KVM, and a number: {@code asm-generic/ioctl.h}.
 */
enum Ioctl {
    KVM_GET_API_VERSION(Direction.NONE, 0x00, 0),
    KVM_CREATE_VM(Direction.NONE, 0x01, 0),
    KVM_GET_MSR_INDEX_LIST(Direction.BOTH, 0x02, 4),
    KVM_CHECK_EXTENSION(Direction.NONE, 0x03, 0),
    KVM_GET_VCPU_MMAP_SIZE(Direction.NONE, 0x04, 0),
    KVM_GET_SUPPORTED_CPUID(Direction.BOTH, 0x05, 8),
    KVM_CREATE_VCPU(Direction.NONE, 0x41, 0),
    KVM_SET_USER_MEMORY_REGION(Direction.WRITE, 0x46, 32),
    KVM_SET_TSS_ADDR(Direction.NONE, 0x47, 0),
    KVM_CREATE_IRQCHIP(Direction.NONE, 0x60, 0),
    KVM_IRQ_LINE(Direction.WRITE, 0x61, 8),
    KVM_GET_IRQCHIP(Direction.BOTH, 0x62, 520),
    KVM_SET_IRQCHIP(Direction.READ, 0x63, 520),
    KVM_CREATE_PIT2(Direction.WRITE, 0x77, 64),
    KVM_SET_CLOCK(Direction.WRITE, 0x7b, 48),
    KVM_GET_CLOCK(Direction.READ, 0x7c, 48),
    KVM_RUN(Direction.NONE, 0x80, 0),
    KVM_GET_REGS(Direction.READ, 0x81, 144),
    KVM_SET_REGS(Direction.WRITE, 0x82, 144),
    KVM_GET_SREGS(Direction.READ, 0x83, 312),
    KVM_SET_SREGS(Direction.WRITE, 0x84, 312),
    KVM_GET_MSRS(Direction.BOTH, 0x88, 8),
    KVM_SET_MSRS(Direction.WRITE, 0x89, 8),
    KVM_SET_SIGNAL_MASK(Direction.WRITE, 0x8b, 4),
    KVM_GET_LAPIC(Direction.READ, 0x8e, 1024),
    KVM_SET_LAPIC(Direction.WRITE, 0x8f, 1024),
    KVM_SET_CPUID2(Direction.WRITE, 0x90, 8),
    KVM_GET_MP_STATE(Direction.READ, 0x98, 4),
    KVM_SET_MP_STATE(Direction.WRITE, 0x99, 4),
    KVM_GET_PIT2(Direction.READ, 0x9f, 112),
    KVM_SET_PIT2(Direction.WRITE, 0xa0, 112),
    KVM_GET_VCPU_EVENTS(Direction.READ, 0x9f, 64),
    KVM_SET_VCPU_EVENTS(Direction.WRITE, 0xa0, 64),
    KVM_GET_DEBUGREGS(Direction.READ, 0xa1, 128),
    KVM_SET_DEBUGREGS(Direction.WRITE, 0xa2, 128),
    KVM_GET_XSAVE(Direction.READ, 0xa4, 4096),
    KVM_SET_XSAVE(Direction.WRITE, 0xa5, 4096),
    KVM_GET_XCRS(Direction.READ, 0xa6, 392),
    KVM_SET_XCRS(Direction.WRITE, 0xa7, 392),
    KVM_KVMCLOCK_CTRL(Direction.NONE, 0xad, 0);

    private static final int KVMIO = 0xae;
    private static final int SIZE_SHIFT = 16;
    private static final int TYPE_SHIFT = 8;
    private static final int DIRECTION_SHIFT = 30;

    /** Which way the argument goes, seen from the program. */
    private enum Direction {
        NONE,
        WRITE,
        READ,
        BOTH
    }

    private final long request;
    private final int size;

    Ioctl(Direction direction, int number, int size) {
        this.request = (long) direction.ordinal() << DIRECTION_SHIFT
                | (long) size << SIZE_SHIFT
                | KVMIO << TYPE_SHIFT
                | number;
        this.size = size;
    }

    /** The number that ioctl(2) takes. */
    long request() {
        return request;
    }

    /** Size of the argument, without what may follow it; in bytes. */
    int size() {
        return size;
    }
}
