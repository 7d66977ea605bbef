// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/** Parts of the state of a virtual machine that belong to none of its processors, in the order in which they have to be written. */
public enum VmState {
    /** The first interrupt controller of a PC. */
    PIC_MASTER(Ioctl.KVM_GET_IRQCHIP, Ioctl.KVM_SET_IRQCHIP, 0),
    /** The second one. */
    PIC_SLAVE(Ioctl.KVM_GET_IRQCHIP, Ioctl.KVM_SET_IRQCHIP, 1),
    /** The APIC for devices. */
    IOAPIC(Ioctl.KVM_GET_IRQCHIP, Ioctl.KVM_SET_IRQCHIP, 2),
    /** The timer of a PC. */
    PIT(Ioctl.KVM_GET_PIT2, Ioctl.KVM_SET_PIT2, 0),
    /** The clock that guests know as kvm-clock, in nanoseconds since the machine was made. */
    CLOCK(Ioctl.KVM_GET_CLOCK, Ioctl.KVM_SET_CLOCK, 0);

    final Ioctl get;
    final Ioctl set;

    /** Which of several; the first field of {@code struct kvm_irqchip}. */
    final int which;

    VmState(Ioctl get, Ioctl set, int which) {
        this.get = get;
        this.set = set;
        this.which = which;
    }

    /** Its size, in bytes. */
    public int size() {
        return get.size();
    }
}
