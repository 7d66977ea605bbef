// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import dev.holdfast.vm.VmFailure;
import java.io.Serial;

/** Tells what a console said last, beside the failure of a test. */
final class ConsoleEvidence extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    ConsoleEvidence(VmFailure.Evidence evidence) {
        super(evidence.toString(), null, false, false);
    }
}
