// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.holdfast.abi.AddRangeArgs;
import dev.holdfast.abi.AttachArgs;
import dev.holdfast.abi.Errno;
import dev.holdfast.abi.FormatArgs;
import dev.holdfast.abi.Ioctls;
import dev.holdfast.abi.LimitArgs;
import dev.holdfast.abi.PageSizeArgs;
import dev.holdfast.abi.PageSizeFlags;
import dev.holdfast.abi.PlacementArgs;
import dev.holdfast.abi.RangeArgs;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.abi.RetireArgs;
import dev.holdfast.abi.UpgradeArgs;
import java.nio.file.Path;

/** An open file: owns one file descriptor. Used by one thread at a time. */
public final class OpenFile implements AutoCloseable {
    private static final int PRIVATE_FILE = 0600;
    private static final int CHUNK = 1 << 20;

    private final int fd;

    /** What to open a file for. */
    public enum Access {
        /** Read an existing file. */
        READ(LibC.O_RDONLY),
        /** Read and write an existing file. */
        READ_WRITE(LibC.O_RDWR),
        /** Create a file that must not exist, readable and writable by its owner only. */
        CREATE(LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL);

        private final int flags;

        Access(int flags) {
            this.flags = flags;
        }
    }

    OpenFile(int fd) {
        this.fd = fd;
    }

    /** Opens a file by its path. */
    public static OpenFile open(Path path, Access access) throws ErrnoException {
        return new OpenFile(descriptor(LibC.AT_FDCWD, path.toString(), access));
    }

    static int descriptor(int directory, String path, Access access) throws ErrnoException {
        int fd = LibC.openat(directory, path, access.flags | LibC.O_CLOEXEC, PRIVATE_FILE);
        if (fd < 0) {
            throw ErrnoException.last("openat");
        }
        return fd;
    }

    /** The descriptor, for calls that take it beside others. */
    int fd() {
        return fd;
    }

    /** Length of the file, in bytes. What is not a regular file has none: EISDIR for a directory, else EINVAL. */
    public long size() throws ErrnoException {
        FileStatus status = FileStatus.of(fd);
        return switch (status.type()) {
            case FileStatus.REGULAR -> status.size();
            case FileStatus.DIRECTORY -> throw new ErrnoException("statx", Errno.EISDIR.number());
            default -> throw new ErrnoException("statx", Errno.EINVAL.number());
        };
    }

    /** Gives the first {@code bytes} of the file memory, zeroed where it had none; a shorter file becomes that long. */
    public void allocate(long bytes) throws ErrnoException {
        fallocate("fallocate", 0, 0, bytes);
    }

    /** Makes a hole of a part of the file, in bytes: it gives its memory back, and reads as zeros. */
    public void punch(long offset, long length) throws ErrnoException {
        fallocate(
                "fallocate(FALLOC_FL_PUNCH_HOLE)",
                LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE,
                offset,
                length);
    }

    private void fallocate(String call, int mode, long offset, long length) throws ErrnoException {
        while (LibC.fallocate(fd, mode, offset, length) < 0) {
            throwUnlessInterrupted(call);
        }
    }

    /** Sets the length of the file, in bytes; what is added is a hole where the region knows holes, else it is allocated. */
    public void resize(long bytes) throws ErrnoException {
        if (LibC.ftruncate(fd, bytes) < 0) {
            throw ErrnoException.last("ftruncate");
        }
    }

    /** Reads from the start of the file until the array is full or the file ends; returns how many bytes were read. */
    public int read(byte[] into) throws ErrnoException {
        return read(0, into);
    }

    /** Reads from an offset in bytes until the array is full or the file ends; returns how many bytes were read. */
    public int read(long offset, byte[] into) throws ErrnoException {
        int done = 0;
        try (Memory buffer = chunkFor(into)) {
            while (done < into.length) {
                long count = LibC.pread(fd, buffer, Math.min(into.length - done, buffer.size()), offset + done);
                if (count == 0) {
                    break;
                }
                if (count > 0) {
                    buffer.read(0, into, done, (int) count);
                    done += (int) count;
                } else {
                    throwUnlessInterrupted("pread");
                }
            }
        }
        return done;
    }

    /** Writes all bytes at the start of the file. */
    public void write(byte[] bytes) throws ErrnoException {
        write(0, bytes);
    }

    /** Writes all bytes at an offset in bytes. */
    public void write(long offset, byte[] bytes) throws ErrnoException {
        int done = 0;
        try (Memory buffer = chunkFor(bytes)) {
            while (done < bytes.length) {
                int length = (int) Math.min(bytes.length - done, buffer.size());
                buffer.write(0, bytes, done, length);
                long count = LibC.pwrite(fd, buffer, length, offset + done);
                if (count >= 0) {
                    done += (int) count;
                } else {
                    throwUnlessInterrupted("pwrite");
                }
            }
        }
    }

    /** Waits until what was written would outlast a power cycle. */
    public void sync() throws ErrnoException {
        if (LibC.fsync(fd) < 0) {
            throw ErrnoException.last("fsync");
        }
    }

    private static Memory chunkFor(byte[] bytes) {
        return new Memory(Math.max(1, Math.min(bytes.length, CHUNK)));
    }

    private static void throwUnlessInterrupted(String call) throws ErrnoException {
        ErrnoException failure = ErrnoException.last(call);
        if (failure.number() != Errno.EINTR.number()) {
            throw failure;
        }
    }

    /** Maps the first {@code bytes} of the file, shared. The mapping outlives this descriptor. */
    public Mapping map(long bytes, boolean writable) throws ErrnoException {
        return Mapping.of(fd, bytes, writable);
    }

    /** Writes an empty file system into a region; this file is the control device. */
    public void format(FormatArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_FORMAT)", Ioctls.FORMAT, arguments.pointer());
    }

    /** Describes a region; this file is the control device or lies on the region. */
    public void regionInfo(RegionInfo info) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_REGION_INFO)", Ioctls.REGION_INFO, info.pointer());
    }

    /** Tells, or sets and tells, the limits of a directory of a region, which this file is. */
    public void limit(LimitArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_LIMIT)", Ioctls.LIMIT, arguments.pointer());
    }

    /** Lets a region use more features; this file lies on the region. */
    public void upgrade(UpgradeArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_UPGRADE)", Ioctls.UPGRADE, arguments.pointer());
    }

    /** Takes a page, by its physical address, out of use; this file lies on the region, and has the page or it is free. */
    public void retire(long physical) throws ErrnoException {
        try (RetireArgs arguments = new RetireArgs()) {
            arguments.size(RetireArgs.SIZE).physical(physical);
            ioctl("ioctl(HOLDFAST_IOC_RETIRE)", Ioctls.RETIRE, arguments.pointer());
        }
    }

    /** Adds a range to a region; this file lies on the region. */
    public void addRange(AddRangeArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_ADD_RANGE)", Ioctls.ADD_RANGE, arguments.pointer());
    }

    /** Tells of a range of a region; this file is the control device or lies on the region. */
    public void range(RangeArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_RANGE)", Ioctls.RANGE, arguments.pointer());
    }

    /** Tells, or sets, where this file gets its memory. */
    public void placement(PlacementArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_PLACEMENT)", Ioctls.PLACEMENT, arguments.pointer());
    }

    /** The largest page that a mapping made now uses, in bytes. */
    public long pageSize() throws ErrnoException {
        try (PageSizeArgs arguments = new PageSizeArgs()) {
            ioctl("ioctl(HOLDFAST_IOC_PAGE_SIZE)", Ioctls.PAGE_SIZE, arguments.pointer());
            return arguments.used();
        }
    }

    /** Sets the largest page that mappings use from now on, in bytes. */
    public void choosePageSize(long bytes) throws ErrnoException {
        try (PageSizeArgs arguments = new PageSizeArgs()) {
            arguments.flags(PageSizeFlags.SET).chosen(bytes);
            ioctl("ioctl(HOLDFAST_IOC_PAGE_SIZE)", Ioctls.PAGE_SIZE, arguments.pointer());
        }
    }

    /** Lets this file own a region that is not mounted; it is the control device. */
    public void attach(AttachArgs arguments) throws ErrnoException {
        ioctl("ioctl(HOLDFAST_IOC_ATTACH)", Ioctls.ATTACH, arguments.pointer());
    }

    void ioctl(String call, long request, Pointer argument) throws ErrnoException {
        if (LibC.ioctl(fd, request, argument) < 0) {
            throw ErrnoException.last(call);
        }
    }

    /** Closes the descriptor. */
    @Override
    public void close() {
        LibC.close(fd);
    }
}
