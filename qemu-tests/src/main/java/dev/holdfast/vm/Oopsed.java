// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** The kernel in the VM complained on its console: an oops, a BUG, a warning, a lockdep report, a lockup. */
public final class Oopsed extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    Oopsed(String what, Evidence evidence) {
        super(what, evidence);
    }
}
