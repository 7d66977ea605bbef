// SPDX-License-Identifier: Apache-2.0
/** Tests of the library that need neither the module nor privileges: ordinary directories stand for regions. */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
