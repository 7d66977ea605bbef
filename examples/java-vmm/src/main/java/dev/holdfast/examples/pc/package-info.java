// SPDX-License-Identifier: Apache-2.0
/**
 * A small PC on KVM. {@link dev.holdfast.examples.pc.Machine} runs whatever is in memory that it is lent, one thread for each processor;
 * {@link dev.holdfast.examples.pc.MachineState} is all that has to be known of it beside that memory. Knows nothing of Holdfast.
 */
@NullMarked
package dev.holdfast.examples.pc;

import org.jspecify.annotations.NullMarked;
