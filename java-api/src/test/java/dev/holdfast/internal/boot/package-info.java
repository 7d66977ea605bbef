// SPDX-License-Identifier: Apache-2.0
/** Tests of what a kernel is booted from: files as the usual tools make them, and files that nobody should make. */
@NullMarked
package dev.holdfast.internal.boot;

import org.jspecify.annotations.NullMarked;
