// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.holdfast.abi.Errno;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes system calls on a file system one by one and returns what comes of each, as a line of a table: what was called, and
 * {@code works} or the errno. Constants are those of the kernel's headers.
 */
final class KnownCalls implements GuestTask<None, List<String>> {

    private static final int PAGE = 4096;
    private static final String WORKS = "works";

    private final Path root = Mounting.POINT.resolve("calls");
    private final String file = root.resolve("file").toString();
    private final String other = root.resolve("other").toString();
    private final String fresh = root.resolve("fresh").toString();
    private final List<String> table = new ArrayList<>();

    @Override
    public List<String> run(None none, Progress progress) throws IOException {
        Files.createDirectories(root);
        Files.write(Path.of(file), new byte[4 * PAGE]);
        Files.write(Path.of(other), new byte[4 * PAGE]);
        int fd = Libc.call("open", file, Libc.O_RDWR);
        int outside = Libc.call("open", "/tmp/outside", Libc.O_RDWR | 0x40, 0644);
        try (Memory memory = new Memory(PAGE)) {
            memory.clear();
            names();
            attributes(fd, memory);
            opening();
            content(fd, outside, memory);
            mapping(fd, memory);
            locking(fd, memory);
            durability(fd);
        } finally {
            Libc.call("close", fd);
            Libc.call("close", outside);
        }
        return table;
    }

    private void names() {
        tell("hard link: link", Libc.tell("link", file, fresh));
        tell("symbolic link: symlink", Libc.tell("symlink", file, fresh));
        tell("FIFO: mknod", Libc.tell("mknod", fresh, 0010644, 0L));
        tell("device node: mknod", Libc.tell("mknod", fresh, 0020644, 0x103L));
        tell("socket: mknod", Libc.tell("mknod", fresh, 0140644, 0L));
        tell("renameat2 with RENAME_NOREPLACE, the name is free", rename(file, fresh, 1));
        tell("renameat2 with RENAME_NOREPLACE, the name is taken", rename(fresh, other, 1));
        tell("rename", rename(fresh, file, 0));
        tell("renameat2 with RENAME_EXCHANGE", rename(file, other, 2));
        tell("renameat2 with RENAME_WHITEOUT", rename(file, fresh, 4));
        tell(
                "a name of 256 bytes",
                Libc.tell("mkdir", root.resolve("n".repeat(256)).toString(), 0755));
    }

    private static long rename(String from, String to, int flags) {
        return Libc.tell("renameat2", Libc.AT_FDCWD, from, Libc.AT_FDCWD, to, flags);
    }

    private void attributes(int fd, Memory memory) {
        tell("extended attribute: setxattr user.*", setxattr("user.key", memory));
        tell("extended attribute: setxattr trusted.*", setxattr("trusted.key", memory));
        tell("extended attribute: getxattr", Libc.tell("getxattr", file, "user.key", memory, 8L));
        tell("access control list: setxattr system.posix_acl_access", setxattr("system.posix_acl_access", memory));
        tell("chattr, lsattr: ioctl FS_IOC_GETFLAGS", Libc.tell("ioctl", fd, 0x80086601L, memory));
        tell("xfs_io, project ids: ioctl FS_IOC_FSGETXATTR", Libc.tell("ioctl", fd, 0x801c581fL, memory));
        tell("chmod, chown, utimensat", Libc.tell("fchmod", fd, 0600), Libc.tell("fchown", fd, 1, 2));
        tell("statx, with the time of birth", Libc.tell("statx", Libc.AT_FDCWD, file, 0, 0xfff, memory));
        tell("quota: quotactl_fd Q_GETINFO", Libc.tell("syscall", 443L, (long) fd, 0x80000500L, 0L, memory));
        tell(
                "file handle: name_to_handle_at",
                Libc.tell("name_to_handle_at", Libc.AT_FDCWD, file, handle(memory), memory.share(512), 0));
    }

    private static Pointer handle(Memory memory) {
        memory.clear();
        memory.setInt(0, 128);
        return memory;
    }

    private long setxattr(String name, Memory value) {
        return Libc.tell("setxattr", file, name, value, 8L, 0);
    }

    private void opening() {
        close(tell("open with O_TMPFILE", Libc.tell("open", root.toString(), 0x410000 | Libc.O_RDWR, 0600)));
        close(tell("open with O_DIRECT", Libc.tell("open", file, 0x4000 | Libc.O_RDWR)));
        close(tell("open with O_SYNC, O_DSYNC", Libc.tell("open", file, 0x101000 | Libc.O_RDWR)));
        close(tell("open with O_APPEND, O_NOATIME", Libc.tell("open", file, 0x40400 | Libc.O_RDWR)));
    }

    private static void close(long fd) {
        if (fd >= 0) {
            Libc.tell("close", (int) fd);
        }
    }

    private void content(int fd, int outside, Memory memory) {
        int to = (int) Libc.tell("open", other, Libc.O_RDWR);
        tell("clone: ioctl FICLONE", Libc.tell("ioctl", to, 0x40049409L, (long) fd));
        tell(
                "copy_file_range in the region",
                Libc.tell("copy_file_range", fd, Pointer.NULL, to, Pointer.NULL, 4L * PAGE, 0));
        Libc.tell("lseek", fd, 0L, 0);
        tell(
                "copy_file_range to another file system",
                Libc.tell("copy_file_range", fd, Pointer.NULL, outside, Pointer.NULL, 4L * PAGE, 0));
        tell("sendfile to another file system", Libc.tell("sendfile", outside, fd, Pointer.NULL, 4L * PAGE));
        tell("sendfile from another file system", Libc.tell("sendfile", fd, outside, Pointer.NULL, 4L * PAGE));
        tell("fallocate", Libc.tell("fallocate", fd, 0, 0L, 8L * PAGE));
        tell("fallocate with FALLOC_FL_KEEP_SIZE", Libc.tell("fallocate", fd, 1, 0L, 16L * PAGE));
        tell("fallocate with FALLOC_FL_PUNCH_HOLE", Libc.tell("fallocate", fd, 3, 0L, (long) PAGE));
        tell("fallocate with FALLOC_FL_ZERO_RANGE", Libc.tell("fallocate", fd, 0x10, 0L, (long) PAGE));
        tell("fallocate with FALLOC_FL_COLLAPSE_RANGE", Libc.tell("fallocate", fd, 8, 0L, (long) PAGE));
        tell("lseek with SEEK_DATA, SEEK_HOLE", Libc.tell("lseek", fd, 0L, 3), Libc.tell("lseek", fd, 0L, 4));
        tell("fallocate with FALLOC_FL_INSERT_RANGE", Libc.tell("fallocate", fd, 0x20, 0L, (long) PAGE));
        tell("fallocate with FALLOC_FL_UNSHARE_RANGE", Libc.tell("fallocate", fd, 0x40, 0L, (long) PAGE));
        tell("posix_fadvise", -Libc.tell("posix_fadvise", fd, 0L, (long) PAGE, 3));
        tell("readahead", Libc.tell("readahead", fd, 0L, (long) PAGE));
        tell("swap file: swapon", Libc.tell("swapon", file, 0));
        tell("ioctl FIBMAP", Libc.tell("ioctl", fd, 1L, memory));
        close(to);
    }

    private void mapping(int fd, Memory memory) {
        Pointer mapped = map(fd, 0x01);
        tell("mmap with MAP_SHARED", address(mapped));
        tell("mmap with MAP_SYNC", address(map(fd, 0x03 | 0x80000)));
        tell("msync", Libc.tell("msync", mapped, (long) PAGE, 4));
        tell("mlock", Libc.tell("mlock", mapped, (long) PAGE));
        tell("mincore", Libc.tell("mincore", mapped, (long) PAGE, memory));
        mapped.setInt(0, 1);
        tell("mutex shared by processes, contended: futex FUTEX_WAIT in a mapping", futex(mapped));
        memory.setPointer(0, mapped);
        memory.setLong(8, PAGE);
        int[] pipe = new int[2];
        Libc.tell("pipe", pipe);
        tell("vmsplice from a mapping", Libc.tell("vmsplice", pipe[1], memory, 1L, 0));
        Libc.tell("close", pipe[0]);
        Libc.tell("close", pipe[1]);
        Libc.tell("munmap", mapped, (long) PAGE);
    }

    /** The value is another than the one to wait for, so that this never waits. */
    private static long futex(Pointer address) {
        long result = Libc.tell("syscall", 202L, address, 0L, 2L, 0L, 0L, 0L);
        return result == -Errno.EAGAIN.number() ? 0 : result;
    }

    private static Pointer map(int fd, int flags) {
        return com.sun.jna.Function.getFunction("c", "mmap")
                .invokePointer(new Object[] {Pointer.NULL, (long) PAGE, 3, flags, fd, 0L});
    }

    private static long address(Pointer mapped) {
        return Pointer.nativeValue(mapped) == -1 ? -com.sun.jna.Native.getLastError() : 0;
    }

    private void locking(int fd, Memory memory) {
        memory.clear();
        memory.setShort(0, (short) 1); // F_WRLCK
        tell("lock of a part: fcntl F_SETLK", Libc.tell("fcntl", fd, 6, memory));
        memory.setShort(0, (short) 2); // F_UNLCK
        Libc.tell("fcntl", fd, 6, memory);
        memory.setShort(0, (short) 1);
        tell("lock of an open file: fcntl F_OFD_SETLK", Libc.tell("fcntl", fd, 37, memory));
        tell("flock", Libc.tell("flock", fd, 2));
        long inotify = Libc.tell("inotify_init");
        tell("inotify_add_watch", Libc.tell("inotify_add_watch", (int) inotify, root.toString(), 0xfff));
        close(inotify);
    }

    private void durability(int fd) {
        tell("fsync", Libc.tell("fsync", fd));
        tell("fdatasync", Libc.tell("fdatasync", fd));
        tell("sync_file_range", Libc.tell("sync_file_range", fd, 0L, (long) PAGE, 7));
        tell("syncfs", Libc.tell("syncfs", fd));
    }

    private long tell(String what, long... results) {
        long worst = 0;
        for (long result : results) {
            worst = result < 0 ? result : worst;
        }
        table.add("| " + what + " | " + (worst < 0 ? "`" + name((int) -worst) + "`" : WORKS) + " |");
        return worst < 0 ? worst : results[0];
    }

    private static String name(int number) {
        return Errno.of(number).map(Errno::name).orElse("errno " + number);
    }
}
