// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.console.Trouble;

/** What can happen to a VM while a test waits. */
sealed interface Event {

    /** A line came over the channel. */
    record Said(Frame frame) implements Event {}

    /** The console tells of trouble that nobody expected. */
    record Troubled(Trouble trouble, String line) implements Event {}

    /** QEMU has ended. */
    record Exited(int exitCode) implements Event {}
}
