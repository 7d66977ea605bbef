// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The region is mounted read-only.
 */
public final class ReadOnlyException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    ReadOnlyException(Failure failure) {
        super(failure);
    }
}
