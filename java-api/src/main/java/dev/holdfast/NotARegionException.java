// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * No region is mounted on the directory.
 */
public final class NotARegionException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotARegionException(Failure failure) {
        super(failure);
    }
}
