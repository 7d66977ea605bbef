// SPDX-License-Identifier: Apache-2.0
/**
 * The system calls that Holdfast needs, mapped directly onto libc by JNA. Nothing outside this package and the generated {@code
 * dev.holdfast.abi} touches {@code com.sun.jna}.
 *
 * <p>A failed call becomes an {@link dev.holdfast.internal.jna.ErrnoException}: checked, so that the caller cannot forget to say on
 * what object it failed and what to do about it.
 */
@NullMarked
package dev.holdfast.internal.jna;

import org.jspecify.annotations.NullMarked;
