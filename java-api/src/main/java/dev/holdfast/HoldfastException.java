// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;

/**
 * Something failed. The message is one line: what failed, on what, why, and what to do about it.
 *
 * <p>There is a subclass wherever a caller would act differently. A failure that has none of its own is thrown as this class.
 */
public class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    HoldfastException(Failure failure) {
        this.failure = failure;
    }

    /** One line: what failed, on what, why, and what to do about it. */
    @Override
    public final String getMessage() {
        return failure.message();
    }

    /** What failed, on what and why. */
    final String what() {
        return failure.what();
    }

    /**
     * What was called: a system call such as {@code ioctl(HOLDFAST_IOC_FORMAT)}, or the method of this library that refused its
     * argument.
     */
    public final String call() {
        return failure.call();
    }

    /** What it was called on: a path, a range, an argument. */
    public final String object() {
        return failure.object();
    }

    /** The error number that the kernel gave; what the library refuses itself has the one that the kernel would have given. */
    public final Errno errno() {
        return failure.errno();
    }

    /** What to do about it. */
    public final String hint() {
        return failure.hint();
    }
}
