// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** A kernel did not reach its agent: it never got to init, or init could not go on. */
public final class BootFailed extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    BootFailed(String what, Evidence evidence) {
        super(what, evidence);
    }
}
