// SPDX-License-Identifier: Apache-2.0
/**
 * The crash walk: the machine stops after each step of each kind of operation, and the next kernel shows what a model of the
 * operation allows.
 */
@NullMarked
package dev.holdfast.it.crash;

import org.jspecify.annotations.NullMarked;
