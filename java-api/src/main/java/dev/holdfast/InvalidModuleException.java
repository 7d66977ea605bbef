// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The file is not a holdfast module, or not an initial RAM file system in which one can be looked for.
 */
public final class InvalidModuleException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    InvalidModuleException(Failure failure) {
        super(failure);
    }
}
