// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/**
 * Parts of the state of a processor that are read and written as a whole, <b>in the order in which they have to be written</b>: {@code
 * XCRS} before {@code XSAVE}, which is refused if it has what they do not allow; {@code SREGS}, which places and enables the local APIC,
 * before {@code LAPIC}; what is pending after the registers that it is pending in; and whether it runs at all last. Before all of them
 * comes what processor it is ({@link Vcpu#cpuid}), and after {@code LAPIC} the {@linkplain Vcpu#msrs model specific registers}: the one with the deadline of
 * the APIC's timer is lost otherwise.
 */
public enum VcpuState {
    /** Segments, tables, control registers: {@code struct kvm_sregs}. */
    SREGS(Ioctl.KVM_GET_SREGS, Ioctl.KVM_SET_SREGS),
    /** General registers: {@code struct kvm_regs}. */
    REGS(Ioctl.KVM_GET_REGS, Ioctl.KVM_SET_REGS),
    /** Extended control registers: {@code struct kvm_xcrs}. */
    XCRS(Ioctl.KVM_GET_XCRS, Ioctl.KVM_SET_XCRS),
    /** Floating point and vector registers: {@code struct kvm_xsave}. */
    XSAVE(Ioctl.KVM_GET_XSAVE, Ioctl.KVM_SET_XSAVE),
    /** Debug registers: {@code struct kvm_debugregs}. */
    DEBUGREGS(Ioctl.KVM_GET_DEBUGREGS, Ioctl.KVM_SET_DEBUGREGS),
    /** The local APIC, with its timer: {@code struct kvm_lapic_state}. */
    LAPIC(Ioctl.KVM_GET_LAPIC, Ioctl.KVM_SET_LAPIC),
    /** Exceptions and interrupts on their way: {@code struct kvm_vcpu_events}. */
    EVENTS(Ioctl.KVM_GET_VCPU_EVENTS, Ioctl.KVM_SET_VCPU_EVENTS),
    /** Whether it runs, waits or was never started: {@code struct kvm_mp_state}. */
    MP_STATE(Ioctl.KVM_GET_MP_STATE, Ioctl.KVM_SET_MP_STATE);

    final Ioctl get;
    final Ioctl set;

    VcpuState(Ioctl get, Ioctl set) {
        this.get = get;
        this.set = set;
    }

    /** Its size, in bytes. */
    public int size() {
        return get.size();
    }
}
