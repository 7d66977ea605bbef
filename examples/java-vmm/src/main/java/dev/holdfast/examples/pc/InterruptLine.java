// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

/** The line by which a device calls the guest. */
interface InterruptLine {
    /** Raises or lowers it. */
    void set(boolean high);
}
