// SPDX-License-Identifier: Apache-2.0
/**
 * Puts the next kernel together before the jump, as its own decompressor would after it: x86-64, Documentation/arch/x86/boot.rst,
 * "64-bit Boot Protocol".
 */
@NullMarked
package dev.holdfast.internal.unpacked;

import org.jspecify.annotations.NullMarked;
