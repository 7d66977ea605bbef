// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** An open file of the region, with the calls of Linux that Java lacks. */
final class Holes implements AutoCloseable {
    /** Modes of fallocate(2). */
    static final int KEEP_SIZE = 0x01;

    static final int PUNCH = 0x02 | KEEP_SIZE;
    static final int COLLAPSE = 0x08;
    static final int ZERO = 0x10;
    static final int INSERT = 0x20;

    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0100;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int PRIVATE = 0600;

    private final int fd;
    private final FileChannel channel;

    Holes(String name) throws IOException {
        String path = Mounting.POINT.resolve(name).toString();
        this.fd = Function.getFunction("c", "open").invokeInt(new Object[] {path, O_RDWR | O_CREAT, PRIVATE});
        if (fd < 0) {
            throw new IOException("open " + path + ": errno " + Native.getLastError());
        }
        this.channel =
                FileChannel.open(Mounting.POINT.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Calls fallocate(2); returns 0 or the errno. */
    int allocate(int mode, long offset, long length) {
        int result = Function.getFunction("c", "fallocate")
                .invokeInt(new Object[] {fd, mode, new NativeLong(offset), new NativeLong(length)});
        return result == 0 ? 0 : Native.getLastError();
    }

    /** Calls ftruncate(2); returns 0 or the errno. */
    int resize(long bytes) {
        int result = Function.getFunction("c", "ftruncate").invokeInt(new Object[] {fd, new NativeLong(bytes)});
        return result == 0 ? 0 : Native.getLastError();
    }

    /** Where the next memory is, or -1. */
    long data(long from) {
        return seek(from, SEEK_DATA);
    }

    /** Where the next hole is, or -1. */
    long hole(long from) {
        return seek(from, SEEK_HOLE);
    }

    private long seek(long from, int whence) {
        return Function.getFunction("c", "lseek").invokeLong(new Object[] {fd, new NativeLong(from), whence});
    }

    FileChannel channel() {
        return channel;
    }

    void write(long at, byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes), at);
    }

    byte[] read(long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
            // until it is full or the file ends
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Function.getFunction("c", "close").invokeInt(new Object[] {fd});
    }
}
