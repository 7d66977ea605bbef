// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** A file descriptor of KVM's, with the calls on it. */
final class Descriptor implements AutoCloseable {
    private final int fd;
    private boolean open = true;

    Descriptor(int fd) {
        this.fd = fd;
    }

    static Descriptor open(String path) {
        int fd = Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new KvmException("open(" + path + ")", Native.getLastError());
        }
        return new Descriptor(fd);
    }

    int number() {
        return fd;
    }

    /** A call with a number for its argument. */
    int call(Ioctl ioctl, long argument) {
        int result = Libc.ioctl(fd, ioctl.request(), argument);
        if (result < 0) {
            throw new KvmException("ioctl(" + ioctl + ")", Native.getLastError());
        }
        return result;
    }

    /** A call with a struct for its argument. */
    int call(Ioctl ioctl, Pointer argument) {
        int result = Libc.ioctl(fd, ioctl.request(), argument);
        if (result < 0) {
            throw new KvmException("ioctl(" + ioctl + ")", Native.getLastError());
        }
        return result;
    }

    /** Reads a struct. The first bytes of what is read may be what is asked for. */
    byte[] read(Ioctl ioctl, byte[] argument) {
        try (Memory memory = new Memory(argument.length)) {
            memory.write(0, argument, 0, argument.length);
            call(ioctl, memory);
            return memory.getByteArray(0, argument.length);
        }
    }

    /** Writes a struct. */
    void write(Ioctl ioctl, byte[] argument) {
        try (Memory memory = new Memory(argument.length)) {
            memory.write(0, argument, 0, argument.length);
            call(ioctl, memory);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }
}
