// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The kernel does not have the {@code holdfast} module.
 */
public final class ModuleNotLoadedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    ModuleNotLoadedException(Failure failure) {
        super(failure);
    }
}
