// SPDX-License-Identifier: Apache-2.0
/** The command {@code holdfast-codegen}. */
@NullMarked
package dev.holdfast.codegen.cli;

import org.jspecify.annotations.NullMarked;
