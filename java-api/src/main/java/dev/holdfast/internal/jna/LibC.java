// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Functions of libc, for 64-bit Linux. Pointers that are only passed on and sizes are {@code long}. {@code openat}, {@code ioctl} and
 * {@code syscall} are variadic in C; x86-64 and AArch64 Linux pass their arguments as if they were not.
 */
final class LibC {
    static final int AT_FDCWD = -100;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 0x01;
    static final int MAP_FIXED = 0x10;
    static final long MAP_FAILED = -1;

    static final int FALLOC_FL_KEEP_SIZE = 0x01;
    static final int FALLOC_FL_PUNCH_HOLE = 0x02;

    static final int AT_EMPTY_PATH = 0x1000;
    static final int F_OK = 0;
    static final int MFD_CLOEXEC = 1;

    static {
        // The process itself: every JVM has libc loaded, so nothing is searched for.
        Native.register(LibC.class, NativeLibrary.getProcess(Map.of(Library.OPTION_STRING_ENCODING, "UTF-8")));
    }

    private LibC() {}

    static native int openat(int directory, String path, int flags, int mode);

    static native int close(int fd);

    static native long pread(int fd, Pointer buffer, long count, long offset);

    static native long pwrite(int fd, Pointer buffer, long count, long offset);

    static native int statx(int directory, String path, int flags, int mask, Pointer buffer);

    static native int fsync(int fd);

    static native int ftruncate(int fd, long length);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int faccessat(int directory, String path, int mode, int flags);

    static native int mkdirat(int directory, String path, int mode);

    static native int renameat(int fromDirectory, String from, int toDirectory, String to);

    static native int unlinkat(int directory, String path, int flags);

    static native @Nullable Pointer fdopendir(int fd);

    /** JNA clears errno before and throws if it is set after: the only way to tell the end from an error. */
    static native @Nullable Pointer readdir(Pointer directory) throws LastErrorException;

    static native int closedir(Pointer directory);

    static native int ioctl(int fd, long request, Pointer argument);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native int memfd_create(String name, int flags);

    static native int mount(String source, String target, String type, long flags, String options);

    static native int umount2(String target, int flags);

    static native long syscall(long number, long a, long b, long c, @Nullable Pointer d, long e);

    static native long syscall(long number, long a, long b, Pointer c, long d);

    static native int reboot(int command);
}
