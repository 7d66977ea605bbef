// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * Base or size of a region, or another number it was to be formatted or mounted with, is out of its limits.
 */
public final class BadGeometryException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    BadGeometryException(Failure failure) {
        super(failure);
    }
}
