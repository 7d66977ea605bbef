// SPDX-License-Identifier: Apache-2.0
/** The schema: its model, and the parser that refuses what is wrong with file and line. */
@NullMarked
package dev.holdfast.codegen.schema;

import org.jspecify.annotations.NullMarked;
