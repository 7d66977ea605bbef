// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import org.jspecify.annotations.Nullable;

/**
 * A live update came to nothing, or not everything went on behind it. The message is one line: what failed, of whom, why, and what
 * that means. What failed besides, while the update was taken back, is {@linkplain #getSuppressed() suppressed}.
 */
public final class LiveUpdateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LiveUpdateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
