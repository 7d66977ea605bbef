// SPDX-License-Identifier: Apache-2.0
/**
 * KVM's API, as far as a small hypervisor on x86-64 needs it: <a href="https://docs.kernel.org/virt/kvm/api.html">The Definitive
 * KVM API Documentation</a>. {@link dev.holdfast.examples.kvm.Kvm} opens it, a {@link dev.holdfast.examples.kvm.KvmVm} is a virtual
 * machine, a {@link dev.holdfast.examples.kvm.Vcpu} one of its processors; each owns one file descriptor and closes it.
 *
 * <p>State that is only carried from here to there stays what it is: bytes ({@link dev.holdfast.examples.kvm.VcpuState}, {@link
 * dev.holdfast.examples.kvm.VmState}). It knows nothing of Holdfast, and can be copied by itself.
 */
@NullMarked
package dev.holdfast.examples.kvm;

import org.jspecify.annotations.NullMarked;
