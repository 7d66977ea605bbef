// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.examples.pc;

import org.jspecify.annotations.NullMarked;
