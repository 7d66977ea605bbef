// SPDX-License-Identifier: Apache-2.0
/** Tests of what looks at regions and repairs them. */
@NullMarked
package dev.holdfast.fsck;

import org.jspecify.annotations.NullMarked;
