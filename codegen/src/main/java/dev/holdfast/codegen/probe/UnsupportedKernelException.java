// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.CodegenException;

/** The kernel lacks something that the module needs. The message names release, thing and place in one line. */
public final class UnsupportedKernelException extends CodegenException {
    private static final long serialVersionUID = 1L;

    /**
     * @param release the kernel's release
     * @param what what was wanted and is not there
     * @param place where it was looked for
     */
    UnsupportedKernelException(String release, String what, Place place) {
        super(release + ": " + what + ", " + place);
    }
}
