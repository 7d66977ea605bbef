// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * Someone holds what the call needs for itself: the range is claimed by a mount or a driver, a mount is kept by a mapping or an open
 * file, or another kexec call is under way.
 */
public final class BusyException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    BusyException(Failure failure) {
        super(failure);
    }
}
