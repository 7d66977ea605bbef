// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen;

/** The input cannot be used. The message is one line for the user: what is wrong, with what, what to do. */
public class CodegenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CodegenException(String message) {
        super(message);
    }

    public CodegenException(String message, Throwable cause) {
        super(message, cause);
    }
}
