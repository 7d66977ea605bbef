// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

/**
 * What an errno from the module means.
 *
 * @param name name in the schema
 * @param errno the errno
 * @param doc what it means
 * @param hint what to do about it
 */
public record ErrorMeaning(String name, Errno errno, String doc, String hint) {}
