// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Access;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A read or write without a guest. */
final class PlainAccess implements Access {
    private final boolean write;
    private byte[] bytes;

    private PlainAccess(boolean write, byte... bytes) {
        this.write = write;
        this.bytes = bytes.clone();
    }

    static void write(Device device, int register, int... values) {
        byte[] bytes = new byte[values.length];
        for (int index = 0; index < values.length; index++) {
            bytes[index] = (byte) values[index];
        }
        device.access(register, new PlainAccess(true, bytes));
    }

    /** 32 bits. */
    static void writeInt(Device device, int register, int value) {
        write(device, register, value, value >> 8, value >> 16, value >> 24);
    }

    static int read(Device device, int register) {
        PlainAccess access = new PlainAccess(false, new byte[1]);
        device.access(register, access);
        return Byte.toUnsignedInt(access.bytes[0]);
    }

    static int readInt(Device device, int register) {
        PlainAccess access = new PlainAccess(false, new byte[4]);
        device.access(register, access);
        return ByteBuffer.wrap(access.bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Override
    public long address() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrite() {
        return write;
    }

    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public byte[] data() {
        return bytes.clone();
    }

    @Override
    public void answer(byte[] data) {
        bytes = data.clone();
    }
}
