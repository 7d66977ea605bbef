// SPDX-License-Identifier: Apache-2.0
/**
 * The operator's command, {@code holdfastctl}: one class for each of its words, over the public API of the library.
 *
 * <p>What is asked for goes to standard output, as text or, with {@code --json}, as one JSON object whose {@code schema} says what it
 * is. A failure is one line on standard error.
 */
@NullMarked
package dev.holdfast.ctl;

import org.jspecify.annotations.NullMarked;
