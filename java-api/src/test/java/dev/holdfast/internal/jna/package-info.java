// SPDX-License-Identifier: Apache-2.0
/** Tests of the system calls, as far as the rest of the library cannot show what they do. */
@NullMarked
package dev.holdfast.internal.jna;

import org.jspecify.annotations.NullMarked;
