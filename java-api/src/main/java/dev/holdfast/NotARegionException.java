// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The directory does not lie on a mounted region.
 */
public final class NotARegionException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotARegionException(Failure failure) {
        super(failure);
    }
}
