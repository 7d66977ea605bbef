// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * There is something already, and it would be lost: a file of that name, or a region in the range.
 */
public final class AlreadyExistsException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    AlreadyExistsException(Failure failure) {
        super(failure);
    }
}
