// SPDX-License-Identifier: Apache-2.0
/** What of the schema has been released and never changes again. */
@NullMarked
package dev.holdfast.codegen.lock;

import org.jspecify.annotations.NullMarked;
