// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.junit;

import org.jspecify.annotations.NullMarked;
