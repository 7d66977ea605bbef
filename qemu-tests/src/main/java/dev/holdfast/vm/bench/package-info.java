// SPDX-License-Identifier: Apache-2.0
/** Measures the file system beside others on the same kernel, in one run: not a test, nothing here passes or fails by a time. */
@NullMarked
package dev.holdfast.vm.bench;

import org.jspecify.annotations.NullMarked;
