// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.Serial;

/** The harness itself could not do its work: a tool is missing, a download or a build failed. */
public final class HarnessException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** With a message of what was tried, what went wrong and what to do. */
    public HarnessException(String message) {
        super(message);
    }

    /** With the cause. */
    public HarnessException(String message, Throwable cause) {
        super(message, cause);
    }
}
