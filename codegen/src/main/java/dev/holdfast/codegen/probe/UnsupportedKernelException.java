// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.CodegenException;

/** The kernel lacks something that the module needs. The message names tree, thing and file in one line. */
public final class UnsupportedKernelException extends CodegenException {
    private static final long serialVersionUID = 1L;

    UnsupportedKernelException(String message) {
        super(message);
    }
}
