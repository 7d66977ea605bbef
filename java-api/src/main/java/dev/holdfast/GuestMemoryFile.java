// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.PlacementArgs;
import dev.holdfast.abi.PlacementFlags;
import dev.holdfast.abi.PlacementPolicy;
import dev.holdfast.internal.jna.Directory;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.FileExtents;
import dev.holdfast.internal.jna.OpenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file of a guest memory, by its name; it need not exist. Safe to use from several threads. */
public final class GuestMemoryFile {
    private static final long STEP = 256L << 20;

    private final Folder folder;
    private final FileName name;
    private final Optional<PageSize> pageSize;
    private final Optional<Placement> placement;

    GuestMemoryFile(Folder folder, FileName name) {
        this(folder, name, Optional.empty(), Optional.empty());
    }

    private GuestMemoryFile(Folder folder, FileName name, Optional<PageSize> pageSize, Optional<Placement> placement) {
        this.folder = folder;
        this.name = name;
        this.pageSize = pageSize;
        this.placement = placement;
    }

    /**
     * The same file, to be created with pages of its own choice, which it keeps. Otherwise mappings use what the mount has.
     *
     * @see MountOptions
     */
    public GuestMemoryFile withPageSize(PageSize size) {
        return new GuestMemoryFile(folder, name, Optional.of(size), placement);
    }

    /**
     * The same file, to be created with memory on a NUMA node, which it keeps. Otherwise its memory can come from anywhere.
     *
     * @see Region#ranges()
     */
    public GuestMemoryFile withPlacement(Placement chosen) {
        return new GuestMemoryFile(folder, name, pageSize, Optional.of(chosen));
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
     * Creates the file, filled with zeros, and maps it. All of its memory is taken from the region at once. If it fails, there is no
     * file.
     *
     * @param bytes length, a multiple of 4096, more than zero
     * @throws AlreadyExistsException if there is one of that name; it is left alone
     * @throws NoSpaceException if the region has not that much free memory, or the node that it is bound to, or no free record
     * @throws TooFragmentedException if the free memory is in too many pieces, or the region is smaller than that
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws UnsupportedSystemException if the mount does not use pages of the size that was chosen
     * @throws PermissionException if that is 1 GiB and the caller has not CAP_SYS_ADMIN
     * @throws InvalidArgumentException if the length is not as said
     */
    public GuestMemory create(long bytes) {
        return sized(bytes, OpenFile::allocate);
    }

    /**
     * The same as {@link #create(long)}, in steps of 256 MiB: clearing much memory takes time.
     *
     * @param bytes length, a multiple of 4096, more than zero
     * @param progress is told after each step how many bytes the file has
     */
    public GuestMemory create(long bytes, Progress progress) {
        return sized(bytes, (file, all) -> {
            for (long done = 0; done < all; ) {
                done = Math.min(all, done + STEP);
                file.allocate(done);
                progress.tell(done, all);
            }
        });
    }

    /**
     * Creates the file as one hole that reads as zeros, and maps it. Memory is taken from the region where it is touched; where
     * nothing is free then, the touch fails as {@link GuestMemory} says of a missing part. In a region without the feature
     * {@code sparse} this is {@link #create}.
     *
     * @param bytes length, a multiple of 4096, more than zero
     * @throws AlreadyExistsException if there is one of that name; it is left alone
     * @throws NoSpaceException if the region has no free record
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws InvalidArgumentException if the length is not as said
     */
    public GuestMemory createSparse(long bytes) {
        return sized(bytes, OpenFile::resize);
    }

    /** Gives a new file its length. */
    private interface Sizing {
        void apply(OpenFile file, long bytes) throws ErrnoException;
    }

    private GuestMemory sized(long bytes, Sizing sizing) {
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
                    if (pageSize.isPresent()) {
                        file.choosePageSize(pageSize.get().bytes());
                    }
                    if (placement.isPresent()) {
                        place(file, placement.get());
                    }
                    sizing.apply(file, bytes);
                    return new GuestMemory(name(), file.map(bytes, true));
                } catch (ErrnoException | RuntimeException | Error e) {
                    root.removeAfter(e, folder.path(name));
                    throw e;
                }
            }
        });
    }

    /**
     * Gives the memory of a part of the file back to the region: from now on it reads as zeros, and takes memory again when it is
     * touched. For a balloon driver. Blocks that are not whole are cleared and kept.
     *
     * @param offset where the part starts, in bytes
     * @param length its length, in bytes, more than zero
     * @throws NotFoundException if there is none of that name
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws UnsupportedSystemException if the region has not the feature {@code sparse}
     * @throws InvalidArgumentException if the part is not as said
     */
    public void discard(long offset, long length) {
        if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
            throw new InvalidArgumentException(
                    "discard a part of guest memory",
                    name(),
                    "GuestMemoryFile.discard",
                    "offset " + offset + " and length " + length + " are no part of a file",
                    "give an offset that is not negative and a length of more than zero");
        }
        folder.attempt("discard a part of guest memory", name).run(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ_WRITE)) {
                file.punch(offset, length);
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
     * The largest page that a mapping made now by the caller uses.
     *
     * @throws NotFoundException if there is none of that name
     */
    public PageSize pageSize() {
        return folder.attempt("ask for the page size of", name).get(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ)) {
                return PageSize.of(file.pageSize());
            }
        });
    }

    private void place(OpenFile file, Placement chosen) {
        folder.attempt("place", name, ErrorTable.PLACE).run(() -> {
            try (PlacementArgs args = new PlacementArgs()) {
                args.size(PlacementArgs.SIZE)
                        .flags(PlacementFlags.SET)
                        .policy(number(chosen.policy()))
                        .node(chosen.node());
                file.placement(args);
            }
        });
    }

    private static int number(Placement.Policy policy) {
        return switch (policy) {
            case ANY -> PlacementPolicy.ANY;
            case PREFER -> PlacementPolicy.PREFER;
            case BIND -> PlacementPolicy.BIND;
        };
    }

    /**
     * Where the file gets its memory from now on. What it has stays where it is.
     *
     * @throws NotFoundException if there is none of that name
     * @throws InvalidArgumentException if the region has no range on that node
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws PermissionException if the caller is not the owner of the file
     */
    public void place(Placement chosen) {
        folder.attempt("place", name).run(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ)) {
                place(file, chosen);
            }
        });
    }

    /**
     * Where the file gets its memory.
     *
     * @throws NotFoundException if there is none of that name
     */
    public Placement placement() {
        return folder.attempt("ask for the placement of", name).get(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ);
                    PlacementArgs args = new PlacementArgs()) {
                file.placement(args.size(PlacementArgs.SIZE));
                return switch (args.policy()) {
                    case PlacementPolicy.PREFER -> Placement.prefer(args.node());
                    case PlacementPolicy.BIND -> Placement.bind(args.node());
                    default -> Placement.any();
                };
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
