// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * There is no region in the range: it was never formatted, or the base address is another.
 */
public final class NotFormattedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotFormattedException(Failure failure) {
        super(failure);
    }
}
