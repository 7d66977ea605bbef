// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** What came over the channel is not what was sent. */
public final class Garbled extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    Garbled(String what, Evidence evidence) {
        super(what, evidence);
    }
}
