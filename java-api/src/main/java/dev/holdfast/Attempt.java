// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.jna.ErrnoException;

/**
 * Something tried on an object: system calls made in it that fail become exceptions that say so.
 *
 * @param action what is tried, such as {@code create guest memory}
 * @param object on what
 * @param errors what an error number means here
 */
record Attempt(String action, String object, ErrorTable errors) {
    /** Calls that give a result. */
    interface Calls<T> {
        T run() throws ErrnoException;
    }

    /** Calls that give none. */
    interface VoidCalls {
        void run() throws ErrnoException;
    }

    <T> T get(Calls<T> calls) {
        try {
            return calls.run();
        } catch (ErrnoException e) {
            throw errors.exception(action, object, e);
        }
    }

    void run(VoidCalls calls) {
        try {
            calls.run();
        } catch (ErrnoException e) {
            throw errors.exception(action, object, e);
        }
    }
}
