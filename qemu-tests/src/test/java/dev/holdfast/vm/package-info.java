// SPDX-License-Identifier: Apache-2.0
/** Tests of the harness, and tests that boot kernels. */
@NullMarked
package dev.holdfast.vm;

import org.jspecify.annotations.NullMarked;
