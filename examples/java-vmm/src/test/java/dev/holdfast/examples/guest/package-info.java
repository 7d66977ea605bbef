// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.examples.guest;

import org.jspecify.annotations.NullMarked;
