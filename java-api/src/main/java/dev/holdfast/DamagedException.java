// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The region, or a file on it, cannot be used because what describes it is damaged.
 */
public final class DamagedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    DamagedException(Failure failure) {
        super(failure);
    }
}
