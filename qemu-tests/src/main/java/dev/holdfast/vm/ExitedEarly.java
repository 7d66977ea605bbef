// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** QEMU ended while the test still needed the VM. */
public final class ExitedEarly extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    ExitedEarly(String what, Evidence evidence) {
        super(what, evidence);
    }
}
