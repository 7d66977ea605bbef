// SPDX-License-Identifier: Apache-2.0
/** Renders C and Java from the schema, for one probed kernel. */
@NullMarked
package dev.holdfast.codegen;

import org.jspecify.annotations.NullMarked;
