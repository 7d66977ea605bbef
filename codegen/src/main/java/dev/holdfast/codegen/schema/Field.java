// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/**
 * A field of a struct.
 *
 * @param name name in the schema
 * @param type what it holds
 * @param offset place in the struct, in bytes
 * @param doc what it means
 */
public record Field(String name, FieldType type, int offset, String doc) {}
