// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The running kernel or the architecture lacks what the call needs.
 */
public final class UnsupportedSystemException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    UnsupportedSystemException(Failure failure) {
        super(failure);
    }
}
