// SPDX-License-Identifier: Apache-2.0
/**
 * A small hypervisor whose guests outlive the kernel below them. {@link dev.holdfast.examples.vmm.Machine} runs a guest in memory that
 * it is given; {@link dev.holdfast.examples.vmm.MachineState} is all that it has to know of the guest beside that memory; {@link
 * dev.holdfast.examples.vmm.Main} keeps both in a Holdfast region. {@link dev.holdfast.examples.vmm.Checker} is a guest that notices
 * whatever goes wrong with it.
 */
@NullMarked
package dev.holdfast.examples.vmm;

import org.jspecify.annotations.NullMarked;
