// SPDX-License-Identifier: Apache-2.0
/** Tests of how the next kernel is put together before the jump: small kernels, and what should not be taken for one. */
@NullMarked
package dev.holdfast.internal.unpacked;

import org.jspecify.annotations.NullMarked;
