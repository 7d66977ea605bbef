// SPDX-License-Identifier: Apache-2.0
/** Measures what preserving memory costs: not a test, nothing here passes or fails by a time. */
@NullMarked
package dev.holdfast.vm.figures;

import org.jspecify.annotations.NullMarked;
