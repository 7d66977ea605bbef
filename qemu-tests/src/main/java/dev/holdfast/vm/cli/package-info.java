// SPDX-License-Identifier: Apache-2.0
/** The command {@code holdfast-vm}. */
@NullMarked
package dev.holdfast.vm.cli;

import org.jspecify.annotations.NullMarked;
