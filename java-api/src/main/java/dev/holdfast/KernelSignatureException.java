// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The signature of the kernel is missing or not trusted, and the running kernel insists on one.
 */
public final class KernelSignatureException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    KernelSignatureException(Failure failure) {
        super(failure);
    }
}
