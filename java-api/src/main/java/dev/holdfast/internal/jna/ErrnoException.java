// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Native;

/** A system call failed. */
public final class ErrnoException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int number;

    /**
     * States a failure.
     *
     * @param call the system call, such as {@code ioctl(HOLDFAST_IOC_FORMAT)}
     * @param number the error number of the kernel
     */
    public ErrnoException(String call, int number) {
        super(call + " failed with errno " + number);
        this.call = call;
        this.number = number;
    }

    /** Takes errno from the call that this thread made last; no other native call may lie between. */
    static ErrnoException last(String call) {
        return new ErrnoException(call, Native.getLastError());
    }

    /** The system call that failed. */
    public String call() {
        return call;
    }

    /** The error number as the kernel gave it. */
    public int number() {
        return number;
    }
}
