// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.List;

/**
 * Everything that both languages are rendered from.
 *
 * @param units the units, by file name
 * @param sha256 hash over the files' names and content, in hexadecimal
 */
public record Schema(List<Unit> units, String sha256) {
    public Schema {
        units = List.copyOf(units);
    }

    /**
     * The unit of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Unit unit(String name) {
        return units.stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the schema has no unit '" + name + "'"));
    }
}
