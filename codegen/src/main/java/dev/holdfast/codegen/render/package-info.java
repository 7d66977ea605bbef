// SPDX-License-Identifier: Apache-2.0
/** The module's sources for one kernel, rendered with FreeMarker. */
@NullMarked
package dev.holdfast.codegen.render;

import org.jspecify.annotations.NullMarked;
