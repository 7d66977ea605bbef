// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/**
 * Where something was found, or where it was looked for in vain.
 *
 * @param file path in the kernel tree
 * @param line line, from 1; 0 for the file as a whole
 */
public record Place(String file, int line) {
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
