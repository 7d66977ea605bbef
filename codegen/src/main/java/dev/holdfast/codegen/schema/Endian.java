// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/** Byte order of a struct. */
public enum Endian {
    /** Little-endian, on every machine: the on-memory format. */
    LITTLE,
    /** The machine's own: what user space says to the module. */
    NATIVE
}
