// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.lock;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.schema.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has been released, as {@code NAME = HOW IT IS}, one line each. A released line never changes and never goes;
 * lines are added. Only the bytes of a field whose name starts with {@code reserved} may get a meaning: everything else
 * in its struct is locked, so that what is put there cannot reach further.
 *
 * @param lines how each thing is, by name, in the order of the schema
 */
public record AbiLock(Map<String, String> lines) {
    /** Name of the lock in the folder of the schema. */
    public static final String FILE = "holdfast-v1.lock";

    private static final String EQUALS = " = ";

    private static final String HEADER = """
            # SPDX-License-Identifier: (GPL-2.0-only OR Apache-2.0)
            #
            # What has been released of the schema: memory, modules and programs out there
            # rely on it. Written by "holdfast-codegen abi --update"; do not edit.
            """;

    public AbiLock {
        lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    }

    /** The lock that releases all of a schema. */
    public static AbiLock of(Schema schema) {
        return new AbiLock(AbiLines.of(schema));
    }

    /**
     * The lock in the text of a file.
     *
     * @param file what to call the file in messages
     * @throws CodegenException if it is no lock
     */
    public static AbiLock parse(String file, String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] sides = line.split(EQUALS, 2);
            if (sides.length != 2 || lines.put(sides[0], sides[1]) != null) {
                throw new CodegenException(file + ":" + number + ": not a line of a lock, or the second of its name;"
                        + " take the file back from version control");
            }
        }
        return new AbiLock(lines);
    }

    /** The text of the file. */
    public String text() {
        StringBuilder text = new StringBuilder(HEADER);
        lines.forEach((name, is) -> text.append(name).append(EQUALS).append(is).append('\n'));
        return text.toString();
    }

    /** What is released here and {@code now} is otherwise or gone, a clause each. */
    public List<String> brokenBy(AbiLock now) {
        List<String> broken = new ArrayList<>();
        lines.forEach((name, was) -> {
            String is = now.lines.get(name);
            if (!was.equals(is) && !AbiLines.isReserved(name)) {
                broken.add("%s was released as '%s' and is %s"
                        .formatted(name, was, is == null ? "gone" : "now '" + is + "'"));
            }
        });
        return broken;
    }

    /** The names that are not released here and there {@code now}. */
    public List<String> addedBy(AbiLock now) {
        return now.lines.keySet().stream()
                .filter(name -> !lines.containsKey(name))
                .toList();
    }
}
