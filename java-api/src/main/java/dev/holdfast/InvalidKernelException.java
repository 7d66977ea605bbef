// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The file is not a kernel that can be loaded by kexec.
 */
public final class InvalidKernelException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    InvalidKernelException(Failure failure) {
        super(failure);
    }
}
