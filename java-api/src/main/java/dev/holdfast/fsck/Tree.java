// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.FormatConstants;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records in use, and the tree that they make. */
final class Tree {
    private static final int REACHED = 1;

    private final @Nullable Node[] nodes;

    Tree(int slots) {
        this.nodes = new Node[slots];
    }

    void add(Node node) {
        nodes[(int) node.number()] = node;
    }

    void remove(Node node) {
        nodes[(int) node.number()] = null;
    }

    /** The node of a record; null if there is none. */
    @Nullable
    Node get(long number) {
        return Long.compareUnsigned(number, nodes.length) < 0 ? nodes[(int) number] : null;
    }

    /** The root directory; null if it cannot be used. */
    @Nullable
    Node root() {
        Node root = get(FormatConstants.ROOT_RECORD);
        return root != null && root.isDirectory() ? root : null;
    }

    /** Visits all nodes in the order of their numbers; the visitor may remove some. */
    void forEach(Consumer<Node> visit) {
        for (int number = 0; number < nodes.length; number++) {
            Node node = nodes[number];
            if (node != null) {
                visit.accept(node);
            }
        }
    }

    /** Gives every node its parent and a name that no other has there, as a mount does. */
    void link(Node root) {
        findParents(root);
        breakCircles(root);
        linkNames(root);
    }

    private void findParents(Node root) {
        forEach(node -> {
            if (node == root) {
                return;
            }
            Node parent = get(node.parentNumber());
            if (parent == null) {
                node.adoptOrphan(root, "its parent, record " + node.parentNumber() + ", is not there");
            } else if (!parent.isDirectory()) {
                node.adoptOrphan(root, "its parent, record " + node.parentNumber() + ", is a file");
            } else {
                node.parent(parent);
            }
        });
    }

    private void breakCircles(Node root) {
        root.walk(REACHED);
        int[] walk = {REACHED};
        forEach(node -> {
            walk[0]++;
            Node at = node;
            while (at.walk() == 0) {
                at.walk(walk[0]);
                at = above(at, root);
            }
            if (at.walk() == walk[0]) {
                at.adoptOrphan(root, "it is in a circle of directories");
            }
            for (at = node; at.walk() == walk[0]; at = above(at, root)) {
                at.walk(REACHED);
            }
        });
    }

    private static Node above(Node node, Node root) {
        Node parent = node.parent();
        return parent == null ? root : parent;
    }

    private record Place(long directory, ByteBuffer name) {
        static Place of(Node node, Node root) {
            return new Place(above(node, root).number(), ByteBuffer.wrap(node.name()));
        }
    }

    private void linkNames(Node root) {
        Set<Place> taken = new HashSet<>();
        forEach(node -> {
            if (node == root) {
                return;
            }
            for (int attempt = 0; !taken.add(Place.of(node, root)); attempt++) {
                node.adopt(root, attempt);
            }
        });
    }
}
