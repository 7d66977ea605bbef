// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.internal.jna.Directory;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.FileExtents;
import dev.holdfast.internal.jna.OpenFile;
import java.util.ArrayList;
import java.util.List;

/** The file of a guest memory, by its name; it need not exist. Safe to use from several threads. */
public final class GuestMemoryFile {
    private final Folder folder;
    private final FileName name;

    GuestMemoryFile(Folder folder, FileName name) {
        this.folder = folder;
        this.name = name;
    }

    /** The name. */
    public String name() {
        return name.text();
    }

    /** Whether the file exists. */
    public boolean exists() {
        return folder.exists(name);
    }

    /**
     * Creates the file, filled with zeros, and maps it. If it fails, there is no file.
     *
     * @param bytes length, a multiple of 4096, more than zero
     * @throws AlreadyExistsException if there is one of that name; it is left alone
     * @throws NoSpaceException if the region has not that much free memory, or no free record
     * @throws TooFragmentedException if the free memory is in too many pieces, or the region is smaller than that
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws InvalidArgumentException if the length is not as said
     */
    public GuestMemory create(long bytes) {
        if (bytes <= 0 || bytes % FormatConstants.BLOCK_SIZE != 0) {
            throw new InvalidArgumentException(
                    "create guest memory",
                    Long.toString(bytes),
                    "GuestMemoryFile.create",
                    "its length must be a multiple of " + FormatConstants.BLOCK_SIZE + " bytes, and more than zero",
                    "round it up");
        }
        return folder.attempt("create guest memory", name).get(() -> {
            Directory root = folder.root();
            try (OpenFile file = root.openFile(folder.path(name), OpenFile.Access.CREATE)) {
                try {
                    file.resize(bytes);
                    return new GuestMemory(name(), file.map(bytes, true));
                } catch (ErrnoException | RuntimeException | Error e) {
                    root.removeAfter(e, folder.path(name));
                    throw e;
                }
            }
        });
    }

    /**
     * Maps the whole file for reading and writing.
     *
     * @throws NotFoundException if there is none of that name
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws DamagedException if the file has no content
     */
    public GuestMemory open() {
        return open(OpenFile.Access.READ_WRITE);
    }

    /**
     * Maps the whole file for reading.
     *
     * @throws NotFoundException if there is none of that name
     * @throws DamagedException if the file has no content
     */
    public GuestMemory openReadOnly() {
        return open(OpenFile.Access.READ);
    }

    private GuestMemory open(OpenFile.Access access) {
        Attempt attempt = folder.attempt("open guest memory", name);
        return attempt.get(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), access)) {
                long bytes = file.size();
                if (bytes == 0) {
                    throw new DamagedException(new Failure(
                            attempt.action(),
                            attempt.object(),
                            "GuestMemoryFile.open",
                            Errno.ENODATA,
                            "it is empty: its creation was interrupted",
                            "remove it and create it again"));
                }
                return new GuestMemory(name(), file.map(bytes, access == OpenFile.Access.READ_WRITE));
            }
        });
    }

    /**
     * Length of the file, in bytes.
     *
     * @throws NotFoundException if there is none of that name
     */
    public long size() {
        return folder.attempt("measure", name).get(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ)) {
                return file.size();
            }
        });
    }

    /**
     * Where in physical memory the content lies, in the order of the file.
     *
     * @throws NotFoundException if there is none of that name
     */
    public List<PhysicalExtent> extents() {
        return folder.attempt("list extents of", name).get(() -> {
            List<PhysicalExtent> extents = new ArrayList<>();
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ)) {
                FileExtents.visit(
                        file, (offset, address, length) -> extents.add(new PhysicalExtent(offset, address, length)));
            }
            return List.copyOf(extents);
        });
    }

    /**
     * Removes the file. Memory that is still mapped stays with its mappings until the last is gone.
     *
     * @throws NotFoundException if there is none of that name
     * @throws ReadOnlyException if the region is mounted read-only
     */
    public void remove() {
        folder.remove(name);
    }
}
