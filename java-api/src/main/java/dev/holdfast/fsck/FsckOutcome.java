// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import java.io.Serializable;
import java.util.List;

/**
 * What a repair did.
 *
 * @param repaired what was found and repaired, in this order
 * @param after what is found now
 */
public record FsckOutcome(List<FsckFinding> repaired, FsckReport after) implements Serializable {
    /** Takes a copy of the list. */
    public FsckOutcome {
        repaired = List.copyOf(repaired);
    }
}
