// SPDX-License-Identifier: Apache-2.0
/** Text files in a folder or in the jar. */
@NullMarked
package dev.holdfast.codegen.files;

import org.jspecify.annotations.NullMarked;
