// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.ArrayList;
import java.util.List;

/**
 * The next kernel could not use a region as this one does. Nothing was loaded, and what was loaded before still is.
 */
public final class PreflightException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Finding> findings;

    PreflightException(Failure failure, List<Finding> findings) {
        super(failure);
        this.findings = new ArrayList<>(findings);
    }

    /** All that was found, also what does not block. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }
}
