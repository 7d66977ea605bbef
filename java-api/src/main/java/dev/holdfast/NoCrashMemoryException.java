// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * No memory is set aside for a crash kernel.
 */
public final class NoCrashMemoryException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NoCrashMemoryException(Failure failure) {
        super(failure);
    }
}
