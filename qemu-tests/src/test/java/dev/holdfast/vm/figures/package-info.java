// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.figures;

import org.jspecify.annotations.NullMarked;
