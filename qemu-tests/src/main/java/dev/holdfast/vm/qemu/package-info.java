// SPDX-License-Identifier: Apache-2.0
/** QEMU as a process: command line, accelerator, machine protocol, guest-physical memory. */
@NullMarked
package dev.holdfast.vm.qemu;

import org.jspecify.annotations.NullMarked;
