// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

/**
 * A line of a template.
 *
 * @param template its name
 * @param line counted from 1
 */
record Origin(String template, int line) {
    @Override
    public String toString() {
        return template + ":" + line;
    }
}
