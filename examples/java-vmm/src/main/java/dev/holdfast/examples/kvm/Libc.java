// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** Functions of libc. {@code open} and {@code ioctl} are variadic in C; x86-64 passes their arguments as if they were not. */
final class Libc {
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    static final int SIG_BLOCK = 0;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;

    static {
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native int ioctl(int fd, long request, long argument);

    static native int ioctl(int fd, long request, Pointer argument);

    static native Pointer mmap(@Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(Pointer address, long length);

    static native int pthread_sigmask(int how, Pointer set, @Nullable Pointer old);

    static native int sigtimedwait(Pointer set, @Nullable Pointer info, Pointer timeout);

    static native int gettid();

    static native int getpid();

    static native int tgkill(int process, int thread, int signal);
}
