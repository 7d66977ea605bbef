// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks with KVM guests inside of the VM, run by the hypervisor of the examples: its classes have to be brought along ({@code
 * VmBuilder.classesOf(Machine.class)}), and KVM ({@code kvmInside()}).
 */
@NullMarked
package dev.holdfast.vm.guest.kvm;

import org.jspecify.annotations.NullMarked;
