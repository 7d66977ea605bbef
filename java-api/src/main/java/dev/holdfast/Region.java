// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.AddRangeArgs;
import dev.holdfast.abi.AddRangeFlags;
import dev.holdfast.abi.CompatFlags;
import dev.holdfast.abi.ControlConstants;
import dev.holdfast.abi.Errno;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.LimitArgs;
import dev.holdfast.abi.LimitFlags;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.abi.RoCompatFlags;
import dev.holdfast.abi.UpgradeArgs;
import dev.holdfast.internal.jna.Directory;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.Mounts;
import dev.holdfast.internal.jna.OpenFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A mounted region: guest memories and state files in memory that the kernel does not manage and that survives kexec.
 *
 * <pre>{@code
 * PhysicalRange range = PhysicalRange.parse("1G$0x100000000");
 * Region.format(range, FormatOptions.defaults().withLabel("guests"));
 * try (Region region = Region.mount(range, Path.of("/mnt/holdfast"));
 *         GuestMemory memory = region.guestMemory("vm-42").create(256L << 20)) {
 *     memory.slice(0, 4096).putLong(0, 42);
 *     region.state("vm-42").replace(state);
 * }
 * }</pre>
 *
 * <p>What is written is on the region when the call returns: there is nothing to flush, and kexec needs no unmount.
 *
 * <p>An open region holds its mount, so that nobody can unmount it. Safe to use from several threads.
 */
public final class Region implements AutoCloseable {
    private static final int PAGE = FormatConstants.BLOCK_SIZE;

    private final Path mountPoint;
    private final boolean unmountOnClose;
    private final Folder guestMemories;
    private final Folder states;
    private volatile Directory root;

    private Region(Path mountPoint, Directory root, boolean unmountOnClose) {
        this.mountPoint = mountPoint;
        this.unmountOnClose = unmountOnClose;
        this.root = root;
        this.guestMemories = new Folder(() -> this.root, mountPoint, "guest-memory");
        this.states = new Folder(() -> this.root, mountPoint, "state");
    }

    /**
     * Writes an empty file system into a range. Nothing else ever formats.
     *
     * @throws AlreadyExistsException if there is a region already and {@link FormatOptions#overwriting()} was not asked for
     * @throws NotReservedException if the kernel uses the range
     * @throws NotMemoryException if the firmware lists no memory there
     * @throws BusyException if the range is mounted or claimed by a driver
     * @throws BadGeometryException if base or size is no multiple of 128 MiB, or the size is too small
     * @throws ModuleNotLoadedException if the kernel lacks the module
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public static void format(PhysicalRange range, FormatOptions options) {
        ControlDevice.standard().format(range, options);
    }

    /**
     * Describes a region that is not mounted; also one that the module would not mount because it does not know all of the region's
     * {@link RegionDescription#incompat() features}.
     *
     * @param base where it starts in physical memory, in bytes
     * @throws NotFormattedException if there is none
     * @throws DamagedException if both copies of its superblock are damaged
     * @throws FutureVersionException if its format is newer than the module
     * @throws BusyException if it is mounted: ask {@link #describe()}
     * @throws NotReservedException if the kernel uses the range
     * @throws ModuleNotLoadedException if the kernel lacks the module
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public static RegionDescription inspect(long base) {
        return ControlDevice.standard().inspect(base);
    }

    /**
     * Mounts a region for reading and writing. {@link #close()} unmounts it. A region with {@link RegionDescription#roCompat()
     * features} that the module does not know and must know to write is mounted for reading only; {@link #describe()} tells.
     *
     * @param range where the region lies; base and size must be those it was formatted with
     * @param mountPoint a directory that exists
     * @throws NotFormattedException if there is no region
     * @throws DamagedException if both copies of the superblock are damaged, or the superblock does not fit the range
     * @throws UnknownFeatureException if the region needs a newer module
     * @throws FutureVersionException if the region needs a newer module
     * @throws NotReservedException if the kernel uses the range
     * @throws BusyException if the range is mounted or claimed by a driver
     * @throws NotFoundException if the mount point is not a directory
     * @throws ModuleNotLoadedException if the kernel lacks the module
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public static Region mount(PhysicalRange range, Path mountPoint) {
        return mount(range, mountPoint, MountOptions.defaults());
    }

    /**
     * Mounts a region for reading and writing, as {@link #mount(PhysicalRange, Path)} does.
     *
     * @throws BadGeometryException also if this kernel or processor has no pages of the size that is asked for
     * @throws UnsupportedSystemException also if this kernel cannot do {@link PageModel#DEVICE}
     */
    public static Region mount(PhysicalRange range, Path mountPoint, MountOptions options) {
        Region region = mount(range, mountPoint, options, false);
        try {
            if (!region.describe().readOnly()) {
                region.prepare();
                // Nobody else has had the time to write here.
                region.states.removeUnfinished();
            }
            return region;
        } catch (RuntimeException | Error e) {
            closeAfter(e, region);
            throw e;
        }
    }

    /**
     * Mounts a region for reading. {@link #close()} unmounts it. Fails as {@link #mount(PhysicalRange, Path)} does, but needs less of
     * the region: features that matter to writers only may be unknown.
     */
    public static Region mountReadOnly(PhysicalRange range, Path mountPoint) {
        return mount(range, mountPoint, MountOptions.defaults(), true);
    }

    private static Region mount(PhysicalRange range, Path mountPoint, MountOptions options, boolean readOnly) {
        Path place = mountPoint.toAbsolutePath();
        String words = "base=0x" + Long.toHexString(range.base()) + ",size=0x" + Long.toHexString(range.size())
                + options.words();
        ErrorTable errors = options.pageModel() == PageModel.NONE ? ErrorTable.MOUNT : ErrorTable.MOUNT_WITH_PAGES;
        new Attempt("mount region", range + " on " + place, errors).run(() -> Mounts.mount(place, words, readOnly));
        try {
            return new Region(place, openRoot(place), true);
        } catch (RuntimeException | Error e) {
            closeAfter(e, () -> unmount(place));
            throw e;
        }
    }

    /**
     * Opens a region that is mounted. {@link #close()} leaves it mounted.
     *
     * @throws NotARegionException if no region is mounted on the directory
     * @throws NotFoundException if there is no such directory
     */
    public static Region open(Path mountPoint) {
        Path place = mountPoint.toAbsolutePath();
        Region region = new Region(place, openRoot(place), false);
        try {
            if (!region.describe().readOnly()) {
                region.prepare();
            }
            return region;
        } catch (RuntimeException | Error e) {
            closeAfter(e, region);
            throw e;
        }
    }

    /** Takes any directory for a region. */
    static Region onDirectory(Path directory) {
        Directory root =
                new Attempt("open", directory.toString(), ErrorTable.FILE).get(() -> Directory.open(directory));
        Region region = new Region(directory, root, false);
        region.prepare();
        return region;
    }

    private static Directory openRoot(Path mountPoint) {
        Attempt attempt = new Attempt("open region", mountPoint.toString(), ErrorTable.MOUNTED);
        return attempt.get(() -> {
            Directory root = Directory.open(mountPoint);
            try {
                info(root);
                if (!root.isMountRoot()) {
                    throw new NotARegionException(new Failure(
                            attempt.action(),
                            attempt.object(),
                            "Region.open",
                            Errno.EINVAL,
                            "it is a directory inside a mounted region",
                            "open the directory that the region is mounted on"));
                }
                return root;
            } catch (ErrnoException | RuntimeException | Error e) {
                root.close();
                throw e;
            }
        });
    }

    private static RegionDescription info(Directory root) throws ErrnoException {
        try (OpenFile file = root.open();
                RegionInfo info = new RegionInfo()) {
            file.regionInfo(info);
            return RegionDescription.of(file, info);
        }
    }

    /** What a mounted region says about itself, without opening it for use. */
    static RegionDescription describe(Path mountPoint) {
        try (Directory root = openRoot(mountPoint)) {
            return new Attempt("describe region", mountPoint.toString(), ErrorTable.MOUNTED).get(() -> info(root));
        }
    }

    private void prepare() {
        guestMemories.ensure();
        states.ensure();
    }

    /** What the region says about itself now. */
    public RegionDescription describe() {
        return new Attempt("describe region", mountPoint.toString(), ErrorTable.MOUNTED).get(() -> info(root));
    }

    /**
     * What there is below a directory, and what limits it.
     *
     * @param directory its path in the region, such as {@code guest-memory}; {@code .} is the root
     * @throws NotFoundException if there is no such directory
     * @throws InvalidArgumentException if the path leads out of the region
     */
    public DirectoryLimits limits(String directory) {
        return limit(directory, new LimitRequest(0, 0, 0));
    }

    /**
     * Limits what there may be below a directory, for good: it is kept in the region. What is above a limit already stays, and does
     * not grow. Whoever comes to a limit gets an {@link OverLimitException}, a program EDQUOT.
     *
     * @param directory its path in the region, such as {@code guest-memory}; {@code .} is the root
     * @param bytes most memory of the files below, in bytes; 0 for no limit
     * @param files most files and directories below; 0 for no limit
     * @return what is used, beside the new limits
     * @throws NotFoundException if there is no such directory
     * @throws InvalidArgumentException if the path leads out of the region, or a limit is negative
     * @throws UnknownFeatureException if the region was made for modules that know no limits: {@link #upgrade()} it
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public DirectoryLimits limit(String directory, long bytes, long files) {
        if (bytes < 0 || files < 0) {
            throw new InvalidArgumentException(
                    "limit a directory",
                    directory,
                    "Region.limit",
                    "a limit is negative",
                    "give bytes and files that are not, or 0 for no limit");
        }
        return limit(directory, new LimitRequest(LimitFlags.SET, bytes, files));
    }

    private record LimitRequest(int flags, long bytes, long files) {}

    private DirectoryLimits limit(String directory, LimitRequest request) {
        Path path = Path.of(directory);
        if (path.isAbsolute() || (!path.normalize().equals(path) && !directory.equals(".")) || path.startsWith("..")) {
            throw new InvalidArgumentException(
                    "limit a directory",
                    directory,
                    "Region.limit",
                    "it is no path in the region",
                    "give one like guest-memory, without .. and without / in front");
        }
        return new Attempt("limit directory", mountPoint.resolve(path).toString(), ErrorTable.CHANGE).get(() -> {
            try (OpenFile file = root.openFile(directory, OpenFile.Access.READ);
                    LimitArgs args = new LimitArgs()) {
                args.size(LimitArgs.SIZE)
                        .flags(request.flags())
                        .limitBytes(request.bytes())
                        .limitFiles(request.files());
                file.limit(args);
                return DirectoryLimits.of(args);
            }
        });
    }

    /**
     * Lets the region use every feature that the module knows. Older modules will refuse it from then on.
     *
     * @return what the region is now
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public RegionDescription upgrade() {
        new Attempt("upgrade region", mountPoint.toString(), ErrorTable.CHANGE).run(() -> {
            try (OpenFile file = root.open();
                    UpgradeArgs args = new UpgradeArgs()) {
                args.size(UpgradeArgs.SIZE)
                        .compat(CompatFlags.KNOWN)
                        .roCompat(RoCompatFlags.KNOWN)
                        .incompat(IncompatFlags.KNOWN);
                file.upgrade(args);
            }
        });
        return describe();
    }

    /**
     * Adds a physical range to the region, for good: files get memory from it from now on. It is reserved as the first one is, by
     * {@code memmap=} on the kernel command line, and <b>every next kernel needs the same words</b>: {@link
     * KexecCommandLine#carrying(Region)}. A region that misses a range cannot be mounted.
     *
     * <p>Modules that know of one range only refuse the region from then on.
     *
     * @param range the range: base and size multiples of 128 MiB, above the first range of the region
     * @throws AlreadyExistsException if there is a region, or it belongs to one, and {@link RangeOptions#overwriting()} was not
     *     asked for
     * @throws NotReservedException if the kernel uses the range
     * @throws NotMemoryException if the firmware lists no memory there
     * @throws BusyException if the range is mounted or claimed by a driver
     * @throws BadGeometryException if it is not aligned, lies below the first range, or overlaps another
     * @throws NoSpaceException if the region has 32 ranges
     * @throws UnsupportedSystemException if the region is mounted with {@link PageModel#DEVICE}
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public void addRange(PhysicalRange range, RangeOptions options) {
        new Attempt("add range", range + " to " + mountPoint, ErrorTable.GROW).run(() -> {
            try (OpenFile file = root.open();
                    AddRangeArgs args = new AddRangeArgs()) {
                args.size(AddRangeArgs.SIZE)
                        .flags(options.overwrite() ? AddRangeFlags.OVERWRITE : 0)
                        .physical(range.base())
                        .length(range.size())
                        .node(options.node().orElse(ControlConstants.NODE_UNKNOWN));
                file.addRange(args);
            }
        });
    }

    /** The ranges of the region, the first one first, the others in the order in which they were added. */
    public List<RegionRange> ranges() {
        return new Attempt("list ranges of", mountPoint.toString(), ErrorTable.MOUNTED).get(() -> {
            try (OpenFile file = root.open();
                    RegionInfo info = new RegionInfo()) {
                file.regionInfo(info);
                return RangeReader.read(file, info);
            }
        });
    }

    /**
     * Who owns what in the region, with physical addresses, as of one moment.
     *
     * @throws PermissionException without CAP_SYS_ADMIN
     * @throws BusyException if the region has more than a thousand files or extents, and changes all the time while it is read
     * @throws NotARegionException if the module is older than this library
     */
    public RegionLayout layout() {
        Attempt attempt = new Attempt("read the layout of", mountPoint.toString(), ErrorTable.MOUNTED);
        return attempt.get(() -> {
            List<RegionArea> areas = LayoutReader.read(root, attempt);
            // Later, so that it knows of every range that an area is in.
            return RegionLayout.of(info(root), areas);
        });
    }

    /**
     * Takes a page out of use, for good: no file gets it any more, in this kernel or after it. If a file has it, its content moves to
     * another page first; programs that have it mapped do not notice. {@link #layout()} shows what is retired.
     *
     * <p>Modules that do not know of retired pages mount the region for reading only from then on.
     *
     * @param physicalAddress where the page starts in physical memory, in bytes, a multiple of 4096
     * @throws InvalidArgumentException if that is no page of the region's data
     * @throws BusyException if it is neither free nor content of a file: of a table or a list, or of a file that was removed and is
     *     still open; or, with {@link PageModel#DEVICE}, if somebody has memory near it pinned
     * @throws NoSpaceException if its content has no other place, or there are too many retired pages
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws PermissionException without CAP_SYS_ADMIN
     */
    public void retire(long physicalAddress) {
        RegionDescription region = describe();
        if (!hasData(region, physicalAddress) || physicalAddress % PAGE != 0) {
            throw new InvalidArgumentException(
                    "retire page",
                    "0x" + Long.toHexString(physicalAddress),
                    "Region.retire",
                    "it is no page of the region's data",
                    "give the start of a page where layout() shows data");
        }
        String owner = layout().at(physicalAddress).owner();
        new Attempt("retire page", "0x" + Long.toHexString(physicalAddress), ErrorTable.RETIRE).run(() -> {
            try (OpenFile file = owner.isEmpty() ? root.open() : root.openFile(owner, OpenFile.Access.READ)) {
                file.retire(physicalAddress);
            }
        });
    }

    private static boolean hasData(RegionDescription region, long physicalAddress) {
        return region.ranges().stream().anyMatch(range -> {
            long data = range.equals(region.range()) ? region.dataOffset() : FormatConstants.RANGE_DATA_OFFSET;
            return physicalAddress >= range.base() + data && physicalAddress < range.end();
        });
    }

    /** Where the region is mounted. */
    public Path mountPoint() {
        return mountPoint;
    }

    /**
     * The guest memory of a name, which need not exist.
     *
     * @param name 1 to 255 bytes of UTF-8, without {@code /} and NUL and without a dot in front
     * @throws InvalidArgumentException if the name is not of that form
     */
    public GuestMemoryFile guestMemory(String name) {
        return new GuestMemoryFile(guestMemories, new FileName(name));
    }

    /**
     * The state file of a name, which need not exist.
     *
     * @param name 1 to 255 bytes of UTF-8, without {@code /} and NUL and without a dot in front
     * @throws InvalidArgumentException if the name is not of that form
     */
    public StateFile state(String name) {
        return new StateFile(states, new FileName(name));
    }

    /** The names of the guest memories, sorted. */
    public List<String> guestMemories() {
        return guestMemories.list();
    }

    /** The names of the state files, sorted. */
    public List<String> states() {
        return states.list();
    }

    /**
     * Closes the region, and unmounts it if it was mounted by this object. A second call does nothing.
     *
     * @throws BusyException if a guest memory, or another program, still uses it; the region is then still open, and can be closed
     *     when that is over
     */
    @Override
    public synchronized void close() {
        if (!root.isOpen()) {
            return;
        }
        root.close();
        if (unmountOnClose) {
            try {
                unmount(mountPoint);
            } catch (BusyException e) {
                root = openRoot(mountPoint);
                throw e;
            }
        }
    }

    private static void unmount(Path mountPoint) {
        new Attempt("unmount", mountPoint.toString(), ErrorTable.UNMOUNT).run(() -> Mounts.unmount(mountPoint));
    }

    private static void closeAfter(Throwable failure, AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
