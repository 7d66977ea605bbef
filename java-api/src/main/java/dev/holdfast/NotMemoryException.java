// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The range is reserved, but the firmware does not list it as memory.
 */
public final class NotMemoryException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotMemoryException(Failure failure) {
        super(failure);
    }
}
