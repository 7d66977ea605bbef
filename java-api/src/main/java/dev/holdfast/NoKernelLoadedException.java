// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * No kernel is loaded that could be jumped to.
 */
public final class NoKernelLoadedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NoKernelLoadedException(Failure failure) {
        super(failure);
    }
}
