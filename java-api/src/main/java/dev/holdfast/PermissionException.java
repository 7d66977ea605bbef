// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * The process may not do this: it lacks a capability, the file belongs to someone else, or the kernel is locked down.
 */
public final class PermissionException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    PermissionException(Failure failure) {
        super(failure);
    }
}
