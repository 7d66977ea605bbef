// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

/**
 * What happens to a VM whose test has failed, beside what always is kept of it.
 *
 * @param debug it stays for gdb until somebody ends it
 * @param snapshot the content of its region is kept
 */
public record OnFailure(boolean debug, boolean snapshot) {

    /** Nothing more. */
    public static final OnFailure NOTHING = new OnFailure(false, false);

    /** Whether somebody looks at the VM later: then it must be there after a panic, and after the test has closed it. */
    boolean looksAtVm() {
        return debug || snapshot;
    }

    /** A kernel that panics waits to be looked at. */
    String kernelWords() {
        return looksAtVm() ? " panic=0" : "";
    }
}
