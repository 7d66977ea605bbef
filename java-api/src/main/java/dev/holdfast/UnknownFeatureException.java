// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The region uses a feature that the loaded module does not know. It was left untouched.
 */
public final class UnknownFeatureException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    UnknownFeatureException(Failure failure) {
        super(failure);
    }
}
