// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The file would need more extents than a record holds, or would be larger than the region. Nothing was changed.
 */
public final class TooFragmentedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    TooFragmentedException(Failure failure) {
        super(failure);
    }
}
