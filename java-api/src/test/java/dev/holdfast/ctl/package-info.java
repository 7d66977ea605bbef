// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.ctl;

import org.jspecify.annotations.NullMarked;
