// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.demo;

import org.jspecify.annotations.NullMarked;
