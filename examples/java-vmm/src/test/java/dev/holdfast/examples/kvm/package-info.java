// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.examples.kvm;

import org.jspecify.annotations.NullMarked;
