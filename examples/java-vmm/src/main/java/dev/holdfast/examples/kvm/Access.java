// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/** A read or write by the guest, at an address where a device may be. Valid until the processor runs again. */
public interface Access {
    /** Where: a port, or a guest physical address. */
    long address();

    /** Whether the guest writes. */
    boolean isWrite();

    /** How many bytes. */
    int length();

    /** What the guest writes. */
    byte[] data();

    /** What the guest reads, of {@link #length()} bytes. */
    void answer(byte[] data);
}
