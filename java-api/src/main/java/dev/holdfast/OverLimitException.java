// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * A limit of the directory, or of one above it, would be passed. Nothing was changed.
 */
public final class OverLimitException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    OverLimitException(Failure failure) {
        super(failure);
    }
}
