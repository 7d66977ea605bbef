// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** An argument cannot be right, whatever the state of the machine. Nothing was tried. */
public final class InvalidArgumentException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentException(Failure failure) {
        super(failure);
    }

    InvalidArgumentException(String action, String object, String method, String meaning, String hint) {
        this(Failure.refused(action, object, method, meaning, hint));
    }
}
