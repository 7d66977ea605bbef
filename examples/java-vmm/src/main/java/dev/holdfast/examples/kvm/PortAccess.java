// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import com.sun.jna.Pointer;

/** A read or write of a port, in {@code struct kvm_run}. */
final class PortAccess implements Access {
    private static final int DIRECTION = 32;
    private static final int SIZE = 33;
    private static final int PORT = 34;
    private static final int COUNT = 36;
    private static final int DATA_OFFSET = 40;
    private static final int OUT = 1;

    private final Pointer run;

    PortAccess(Pointer run) {
        this.run = run;
    }

    @Override
    public boolean isWrite() {
        return run.getByte(DIRECTION) == OUT;
    }

    @Override
    public long address() {
        return Short.toUnsignedInt(run.getShort(PORT));
    }

    /** A string of accesses of one size has more than one access. */
    @Override
    public int length() {
        return run.getByte(SIZE) * run.getInt(COUNT);
    }

    @Override
    public byte[] data() {
        return run.getByteArray(run.getLong(DATA_OFFSET), length());
    }

    @Override
    public void answer(byte[] data) {
        run.write(run.getLong(DATA_OFFSET), data, 0, data.length);
    }
}
