// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import dev.holdfast.codegen.CodegenException;

/** The schema is wrong. The message is one line: {@code file:line: what is wrong}. */
public final class SchemaException extends CodegenException {
    private static final long serialVersionUID = 1L;

    SchemaException(String file, int line, String message) {
        super(file + ":" + line + ": " + message);
    }
}
