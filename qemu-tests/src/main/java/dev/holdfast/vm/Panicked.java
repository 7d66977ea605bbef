// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** The kernel in the VM panicked. */
public final class Panicked extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    Panicked(String what, Evidence evidence) {
        super(what, evidence);
    }
}
