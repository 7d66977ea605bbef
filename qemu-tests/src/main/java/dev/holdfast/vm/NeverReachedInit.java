// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** A boot that gave no sign of init; worth one more try. */
final class NeverReachedInit extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final VmFailure failure;

    NeverReachedInit(VmFailure failure) {
        super(failure);
        this.failure = failure;
    }

    VmFailure failure() {
        return failure;
    }
}
