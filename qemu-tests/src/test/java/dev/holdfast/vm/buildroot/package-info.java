// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.buildroot;

import org.jspecify.annotations.NullMarked;
