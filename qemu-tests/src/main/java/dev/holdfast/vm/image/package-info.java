// SPDX-License-Identifier: Apache-2.0
/** What a VM boots from: the initial RAM file system and the read-only drives, cached by content. */
@NullMarked
package dev.holdfast.vm.image;

import org.jspecify.annotations.NullMarked;
