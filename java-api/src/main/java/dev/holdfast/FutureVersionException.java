// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The format of the region is newer than the loaded module. It was left untouched.
 */
public final class FutureVersionException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    FutureVersionException(Failure failure) {
        super(failure);
    }
}
