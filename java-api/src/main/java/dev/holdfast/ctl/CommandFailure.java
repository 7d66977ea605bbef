// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

/** A command cannot do what it was asked to. The message is one line. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String message) {
        super(message);
    }
}
