// SPDX-License-Identifier: Apache-2.0
/**
 * A small hypervisor whose guests outlive the kernel below them: a {@link dev.holdfast.examples.vmm.PreservedGuest} is a {@linkplain
 * dev.holdfast.examples.pc.Machine machine} with its memory and its state in a Holdfast region; {@link dev.holdfast.examples.vmm.Main} runs one.
 */
@NullMarked
package dev.holdfast.examples.vmm;

import org.jspecify.annotations.NullMarked;
