// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.liveupdate;

import org.jspecify.annotations.NullMarked;
