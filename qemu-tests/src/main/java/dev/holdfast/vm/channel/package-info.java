// SPDX-License-Identifier: Apache-2.0
/** The channel between the test outside and the agent inside: framed lines over a serial port. */
@NullMarked
package dev.holdfast.vm.channel;

import org.jspecify.annotations.NullMarked;
