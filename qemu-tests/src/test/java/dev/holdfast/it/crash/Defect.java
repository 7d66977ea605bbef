// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.codegen.files.TextTree;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What can be wrong with the order of a commit. A walk has to notice each, in a module that is right but for that. */
enum Defect {
    BOTH_COPIES_ARE_TORN_AT_ONCE(
            "copies.c",
            "	store_copy(first, block, size, checksum_at, checksum);",
            "	holdfast_store_le32(second + checksum_at, ~*(__le32 *)(second + checksum_at));\n"
                    + "	store_copy(first, block, size, checksum_at, checksum);"),
    A_RENAME_DOES_NOT_SAY_WHAT_IT_REPLACES(
            "dir.c", "supersedes = node_of(target)->number;", "supersedes = HOLDFAST_NO_RECORD;"),
    MEMORY_IS_NOT_CLEARED("draft.c", "memset(memory, 0, part);", "");

    private final String file;
    private final String right;
    private final String wrong;

    Defect(String file, String right, String wrong) {
        this.file = file;
        this.right = right;
        this.wrong = wrong;
    }

    /** The module with the defect. */
    TextTree in(TextTree module) {
        Map<String, String> files = new TreeMap<>(module.files());
        String source = Objects.requireNonNull(files.get(file), file);
        if (!source.contains(right)) {
            throw new IllegalStateException(this + ": there is no '" + right + "' in " + file);
        }
        files.put(file, source.replace(right, wrong));
        return new TextTree(new TreeMap<>(files));
    }

    /** Points at which it shows. */
    static List<StopPoint> show(Map<Operation, Integer> steps) {
        return Choice.DELICATE.from(steps).stream()
                .filter(point -> List.of(Operation.CREATE, Operation.REPLACE, Operation.ALLOCATE_BEYOND_THE_END)
                        .contains(point.operation()))
                .toList();
    }
}
