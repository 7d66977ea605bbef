// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/**
 * What a built module says about itself in its modinfo.
 *
 * @param name name in the schema
 * @param value the number that it states, decimal or with 0x
 * @param doc what it means
 */
public record ModuleStatement(String name, String value, String doc) {
    /** Its key in the modinfo. */
    public String key() {
        return "holdfast_" + name;
    }
}
