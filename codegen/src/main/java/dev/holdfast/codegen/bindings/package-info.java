// SPDX-License-Identifier: Apache-2.0
/** The Java side of the schema, written with JavaPoet. */
@NullMarked
package dev.holdfast.codegen.bindings;

import org.jspecify.annotations.NullMarked;
