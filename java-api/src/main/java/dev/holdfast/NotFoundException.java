// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * There is no file or directory of that name.
 */
public final class NotFoundException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotFoundException(Failure failure) {
        super(failure);
    }
}
