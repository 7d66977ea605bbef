// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import com.sun.jna.Pointer;

/** A read or write of an address where no memory is, in {@code struct kvm_run}. */
final class MmioAccess implements Access {
    private static final int ADDRESS = 32;
    private static final int DATA = 40;
    private static final int LENGTH = 48;
    private static final int IS_WRITE = 52;

    private final Pointer run;

    MmioAccess(Pointer run) {
        this.run = run;
    }

    @Override
    public long address() {
        return run.getLong(ADDRESS);
    }

    @Override
    public boolean isWrite() {
        return run.getByte(IS_WRITE) != 0;
    }

    @Override
    public int length() {
        return run.getInt(LENGTH);
    }

    @Override
    public byte[] data() {
        return run.getByteArray(DATA, length());
    }

    @Override
    public void answer(byte[] data) {
        run.write(DATA, data, 0, data.length);
    }
}
