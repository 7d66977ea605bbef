// SPDX-License-Identifier: Apache-2.0
/** Stock kernels from the distribution's packages, and modules built against their headers. */
@NullMarked
package dev.holdfast.vm.kernel;

import org.jspecify.annotations.NullMarked;
