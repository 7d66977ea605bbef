// SPDX-License-Identifier: Apache-2.0
/**
 * Replacing the kernel under running guests. {@link dev.holdfast.liveupdate.LiveUpdate} checks, stops whoever takes part, has them save
 * what they know, and jumps; behind the jump it has them go on. What takes part is a {@link dev.holdfast.liveupdate.Participant}.
 */
@NullMarked
package dev.holdfast.liveupdate;

import org.jspecify.annotations.NullMarked;
