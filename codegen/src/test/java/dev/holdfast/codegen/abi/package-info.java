// SPDX-License-Identifier: Apache-2.0
/** That C and Java agree on what the schema says. */
@NullMarked
package dev.holdfast.codegen.abi;

import org.jspecify.annotations.NullMarked;
