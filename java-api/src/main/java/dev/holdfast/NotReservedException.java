// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The range is not memory that the kernel was told to leave alone: it lacks {@code memmap=} on the kernel command line, or overlaps
 * System RAM.
 */
public final class NotReservedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    NotReservedException(Failure failure) {
        super(failure);
    }
}
