// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/** KVM refused something. The message is one line with the call and its errno. */
public final class KvmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    KvmException(String message) {
        super(message);
        this.errno = 0;
    }

    KvmException(String call, int errno) {
        super(call + " failed with errno " + errno);
        this.errno = errno;
    }

    /** The error number; 0 if it was no call that failed. */
    public int errno() {
        return errno;
    }
}
