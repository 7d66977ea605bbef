// SPDX-License-Identifier: Apache-2.0
/**
 * What is run in a machine: {@link dev.holdfast.examples.guest.Checker}, which notices whatever goes wrong with it, and {@link
 * dev.holdfast.examples.guest.Linux}.
 */
@NullMarked
package dev.holdfast.examples.guest;

import org.jspecify.annotations.NullMarked;
