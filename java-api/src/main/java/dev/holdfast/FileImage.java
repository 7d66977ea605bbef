// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.AttachArgs;
import dev.holdfast.abi.AttachFlags;
import dev.holdfast.abi.Errno;
import dev.holdfast.internal.jna.OpenFile;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/** The bytes of a region behind a file descriptor. */
final class FileImage implements RegionImage {
    private final OpenFile file;
    private final String name;
    private final long size;
    private final OptionalLong base;
    private final Access access;

    private FileImage(OpenFile file, String name, long size, OptionalLong base, Access access) {
        this.file = file;
        this.name = name;
        this.size = size;
        this.base = base;
        this.access = access;
    }

    static FileImage of(Path dump, OptionalLong base, Access access) {
        return new Attempt("open dump", dump.toString(), ErrorTable.DUMP).get(() -> {
            OpenFile file = OpenFile.open(dump, flags(access));
            try {
                return new FileImage(file, dump.toString(), file.size(), base, access);
            } catch (Exception | Error e) {
                file.close();
                throw e;
            }
        });
    }

    static FileImage of(ControlDevice device, PhysicalRange range, Access access) {
        return new Attempt("attach region", range.toString(), ErrorTable.CONTROL).get(() -> {
            OpenFile file = OpenFile.open(device.path(), flags(access));
            try (AttachArgs arguments = new AttachArgs()) {
                arguments
                        .flags(access == Access.REPAIR ? AttachFlags.WRITABLE : 0)
                        .regionBase(range.base())
                        .regionSize(range.size());
                file.attach(arguments);
                return new FileImage(file, range.toString(), range.size(), OptionalLong.of(range.base()), access);
            } catch (Exception | Error e) {
                file.close();
                throw e;
            }
        });
    }

    private static OpenFile.Access flags(Access access) {
        return access == Access.REPAIR ? OpenFile.Access.READ_WRITE : OpenFile.Access.READ;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public OptionalLong base() {
        return base;
    }

    @Override
    public void read(long offset, byte[] into) {
        Objects.checkFromIndexSize(offset, /* size= */ into.length, /* length= */ size);
        int count = new Attempt("read", name, ErrorTable.DUMP).get(() -> file.read(offset, into));
        if (count < into.length) {
            throw new HoldfastException(new Failure(
                    "read",
                    name,
                    "pread",
                    Errno.EIO,
                    "it ends before byte " + (offset + into.length),
                    "do not change the file while it is looked at"));
        }
    }

    @Override
    public void write(long offset, byte[] bytes) {
        Objects.checkFromIndexSize(offset, /* size= */ bytes.length, /* length= */ size);
        if (access != Access.REPAIR) {
            throw new ReadOnlyException(new Failure(
                    "write",
                    name,
                    "RegionImage.write",
                    Errno.EROFS,
                    "it was opened for reading",
                    "open it for repair"));
        }
        new Attempt("write", name, ErrorTable.DUMP).run(() -> file.write(offset, bytes));
    }

    @Override
    public void settle() {
        new Attempt("write", name, ErrorTable.DUMP).run(file::sync);
    }

    @Override
    public void close() {
        file.close();
    }
}
