// SPDX-License-Identifier: Apache-2.0
/** The main job from end to end, on a stock kernel in a VM: {@code make demo}. */
@NullMarked
package dev.holdfast.vm.demo;

import org.jspecify.annotations.NullMarked;
