// SPDX-License-Identifier: Apache-2.0
/** Toolchains that the host may lack, in a root of the distribution. */
@NullMarked
package dev.holdfast.vm.buildroot;

import org.jspecify.annotations.NullMarked;
