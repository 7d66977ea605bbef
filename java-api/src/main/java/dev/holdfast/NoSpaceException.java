// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The region has no free memory or no free record left. Nothing was changed.
 */
public final class NoSpaceException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NoSpaceException(Failure failure) {
        super(failure);
    }
}
