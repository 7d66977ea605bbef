// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.holdfast.abi.Errno;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** kexec_file_load(2), which libc doesn't wrap, and the jump by reboot(2). */
public final class KexecCalls {
    private static final String FILE_LOAD = "kexec_file_load";
    private static final long FILE_LOAD_X86_64 = 320;
    private static final long UNLOAD = 1;
    private static final long ON_CRASH = 2;
    private static final long NO_INITRAMFS = 4;
    private static final int REBOOT_CMD_KEXEC = 0x45584543;
    private static final long NO_FILE = -1;

    private KexecCalls() {}

    /** Loads a kernel, as the next one or as the one to jump to on a panic. */
    public static void load(OpenFile kernel, @Nullable OpenFile initrd, String commandLine, boolean onCrash)
            throws ErrnoException {
        byte[] text = commandLine.getBytes(StandardCharsets.UTF_8);
        long length = text.length + 1L;
        long flags = (onCrash ? ON_CRASH : 0) | (initrd == null ? NO_INITRAMFS : 0);
        try (Memory zeroTerminated = new Memory(length)) {
            zeroTerminated.write(0, text, 0, text.length);
            zeroTerminated.setByte(text.length, (byte) 0);
            fileLoad(kernel.fd(), initrd == null ? NO_FILE : initrd.fd(), length, zeroTerminated, flags);
        }
    }

    /** Drops a loaded kernel; nothing happens if none is loaded. */
    public static void unload(boolean onCrash) throws ErrnoException {
        fileLoad(NO_FILE, NO_FILE, 0, Pointer.NULL, UNLOAD | (onCrash ? ON_CRASH : 0));
    }

    private static void fileLoad(long kernel, long initrd, long length, @Nullable Pointer commandLine, long flags)
            throws ErrnoException {
        if (!Platform.ARCH.equals("x86-64")) {
            throw new ErrnoException(FILE_LOAD, Errno.ENOSYS.number());
        }
        if (LibC.syscall(FILE_LOAD_X86_64, kernel, initrd, length, commandLine, flags) < 0) {
            throw ErrnoException.last(FILE_LOAD);
        }
    }

    /** Jumps into the loaded kernel; returns only by the exception. */
    public static void jump() throws ErrnoException {
        LibC.reboot(REBOOT_CMD_KEXEC);
        throw ErrnoException.last("reboot(LINUX_REBOOT_CMD_KEXEC)");
    }
}
