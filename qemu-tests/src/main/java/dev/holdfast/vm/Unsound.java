// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** A debug kernel, asked, had found something that it did not say on its console, or had stopped looking. */
public final class Unsound extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    Unsound(String what, Evidence evidence) {
        super(what, evidence);
    }
}
