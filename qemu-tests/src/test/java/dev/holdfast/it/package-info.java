// SPDX-License-Identifier: Apache-2.0
/**
 * What Holdfast promises, on stock kernels. Tests are outside the VM; classes named after what they do run inside.
 */
@NullMarked
package dev.holdfast.it;

import org.jspecify.annotations.NullMarked;
