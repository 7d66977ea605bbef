// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * On which NUMA node a file gets its memory, where its region has ranges on several.
 *
 * @param policy what the node is to it
 * @param node the node; 0 where the policy needs none
 */
public record Placement(Policy policy, int node) {
    /** What a node can be to a file. */
    public enum Policy {
        /** Nothing: memory comes from anywhere. */
        ANY,
        /** Memory comes from there, and from elsewhere when nothing is free there. */
        PREFER,
        /** Memory comes from there, or not at all. */
        BIND
    }

    /**
     * States a placement.
     *
     * @throws InvalidArgumentException if the node is negative, or there is one where none is needed
     */
    public Placement {
        check(node, "Placement");
        if (policy == Policy.ANY && node != 0) {
            throw new InvalidArgumentException(
                    "place memory on node", Integer.toString(node), "Placement", "anywhere is no node", "leave it out");
        }
    }

    static void check(int node, String method) {
        if (node < 0) {
            throw new InvalidArgumentException(
                    "use node",
                    Integer.toString(node),
                    method,
                    "there are no negative nodes",
                    "see /sys/devices/system/node");
        }
    }

    /** Anywhere. */
    public static Placement any() {
        return new Placement(Policy.ANY, 0);
    }

    /** On a node if something is free there. */
    public static Placement prefer(int node) {
        return new Placement(Policy.PREFER, node);
    }

    /** On a node, or not at all. */
    public static Placement bind(int node) {
        return new Placement(Policy.BIND, node);
    }
}
