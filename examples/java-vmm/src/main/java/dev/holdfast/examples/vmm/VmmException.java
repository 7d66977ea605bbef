// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

/** The hypervisor cannot go on. The message is one line that says why. */
public final class VmmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VmmException(String message) {
        super(message);
    }
}
