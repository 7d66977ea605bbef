// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.examples.vmm;

import org.jspecify.annotations.NullMarked;
