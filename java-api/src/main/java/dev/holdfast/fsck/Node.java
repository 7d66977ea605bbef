// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import dev.holdfast.abi.RecordLayout;
import dev.holdfast.abi.RecordType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record in use, and its place in the tree. */
final class Node {
    private final long number;
    private final long parentNumber;
    private final long supersedes;
    private final long sequence;
    private final boolean directory;
    private final byte[] storedName;
    private byte[] name;
    private @Nullable Node parent;
    private @Nullable String whyAdopted;
    private boolean renamed;

    /** Scratch of the search for circles. */
    private int walk;

    Node(RecordTable.Slot slot) {
        RecordLayout record = slot.record();
        this.number = slot.number();
        this.parentNumber = record.parent();
        this.supersedes = record.supersedes();
        this.sequence = record.sequence();
        this.directory = record.type() == RecordType.DIRECTORY;
        this.storedName = RecordRules.name(slot.bytes(slot.chosen()));
        this.name = storedName;
    }

    long number() {
        return number;
    }

    /** What the record says; it need not be there. */
    long parentNumber() {
        return parentNumber;
    }

    long supersedes() {
        return supersedes;
    }

    boolean isOlderThan(Node other) {
        return Long.compareUnsigned(sequence, other.sequence) < 0;
    }

    boolean isDirectory() {
        return directory;
    }

    /** The name that its record has. */
    byte[] storedName() {
        return storedName;
    }

    /** The name that it has in the tree. */
    byte[] name() {
        return name;
    }

    /** Where it is in the tree; null for the root, and while that is not known. */
    @Nullable
    Node parent() {
        return parent;
    }

    void parent(@Nullable Node directory) {
        this.parent = directory;
    }

    int walk() {
        return walk;
    }

    void walk(int value) {
        this.walk = value;
    }

    /** Puts it into the root, under a name that says which record it is. */
    void adopt(Node root, int attempt) {
        String text = "#" + number + (attempt == 0 ? "" : "." + attempt);
        name = text.getBytes(StandardCharsets.UTF_8);
        parent = root;
        renamed = true;
    }

    /** Puts it into the root because it has no place in the tree. */
    void adoptOrphan(Node root, String why) {
        whyAdopted = why;
        adopt(root, 0);
    }

    /** Whether it is not where its record says. */
    boolean isMoved() {
        return renamed;
    }

    /** Why it has no place in the tree; null if it has. */
    @Nullable
    String whyOrphan() {
        return whyAdopted;
    }

    /** The name, readable in one line whatever is in it. */
    static String readable(byte[] name) {
        StringBuilder text = new StringBuilder("\"");
        new String(name, StandardCharsets.UTF_8).codePoints().forEach(character -> {
            if (Character.isISOControl(character)) {
                text.append(String.format("\\u%04x", character));
            } else {
                text.appendCodePoint(character);
            }
        });
        return text.append('"').toString();
    }
}
