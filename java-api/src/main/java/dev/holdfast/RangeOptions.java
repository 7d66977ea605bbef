// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.OptionalInt;

/**
 * How to add a range to a region. Start from {@link #defaults()}.
 *
 * @param node NUMA node that it is on; if empty, the firmware is asked
 * @param overwrite whether to take a range that holds a region, or belongs to one: everything in it is lost
 */
public record RangeOptions(OptionalInt node, boolean overwrite) {
    /**
     * States options.
     *
     * @throws InvalidArgumentException if the node is negative
     */
    public RangeOptions {
        if (node.isPresent()) {
            Placement.check(node.getAsInt(), "RangeOptions");
        }
    }

    /** The node that the firmware says, and nothing that exists is overwritten. */
    public static RangeOptions defaults() {
        return new RangeOptions(OptionalInt.empty(), false);
    }

    /** These options, and the range is on a given NUMA node. */
    public RangeOptions onNode(int newNode) {
        return new RangeOptions(OptionalInt.of(newNode), overwrite);
    }

    /** These options, and a region that exists may be overwritten, or lose its range. */
    public RangeOptions overwriting() {
        return new RangeOptions(node, true);
    }
}
