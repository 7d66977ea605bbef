// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.List;

/**
 * A struct of which every byte is named.
 *
 * @param name name in the schema
 * @param endian byte order of its integers
 * @param size size, in bytes
 * @param doc what it means
 * @param fields its fields, by offset, without gaps
 */
public record Struct(String name, Endian endian, int size, String doc, List<Field> fields) {
    public Struct {
        fields = List.copyOf(fields);
    }

    /** What the address of such a struct must be a multiple of, in bytes. */
    public int alignment() {
        return fields.stream().mapToInt(field -> field.type().alignment()).max().orElse(1);
    }
}
