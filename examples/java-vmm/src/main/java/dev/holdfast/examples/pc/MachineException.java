// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

/** The hypervisor cannot go on. The message is one line that says why. */
public final class MachineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message in one line
     */
    public MachineException(String message) {
        super(message);
    }
}
