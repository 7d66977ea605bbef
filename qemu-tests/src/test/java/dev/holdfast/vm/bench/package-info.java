// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.bench;

import org.jspecify.annotations.NullMarked;
