// SPDX-License-Identifier: Apache-2.0
/** What a kernel tree really declares: headers, config and Module.symvers, never the version number. */
@NullMarked
package dev.holdfast.codegen.probe;

import org.jspecify.annotations.NullMarked;
