// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.vm.channel;

import org.jspecify.annotations.NullMarked;
