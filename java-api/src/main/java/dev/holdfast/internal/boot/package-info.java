// SPDX-License-Identifier: Apache-2.0
/**
 * Reads the files that a kernel is booted from: its image, its initial RAM file system, its modules. Nothing is loaded, unpacked to
 * disk or trusted: streams are read once and within limits, and whatever is wrong with them is an {@link java.io.IOException} of one
 * line.
 */
@NullMarked
package dev.holdfast.internal.boot;

import org.jspecify.annotations.NullMarked;
