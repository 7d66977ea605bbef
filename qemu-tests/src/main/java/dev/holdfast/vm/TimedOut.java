// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** The VM did not answer in time. */
public final class TimedOut extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    TimedOut(String what, Evidence evidence) {
        super(what, evidence);
    }
}
