// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.abi.ErrorMeaning;
import dev.holdfast.internal.jna.ErrnoException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What error numbers mean: the same number says different things after different calls. */
final class ErrorTable {
    private static final String MODULE_HINT = "build holdfast.ko for this kernel and load it";
    private static final String ADMIN_HINT = "run with CAP_SYS_ADMIN";

    /** Numbers that mean the same after every call. */
    private static final ErrorTable COMMON = new ErrorTable()
            .with(Errno.EPERM, PermissionException::new, "this takes a privilege", ADMIN_HINT)
            .with(
                    Errno.EACCES,
                    PermissionException::new,
                    "permission denied",
                    "run as the owner of the file, or as root")
            .with(
                    Errno.EROFS,
                    ReadOnlyException::new,
                    "the region is read-only",
                    "mount it for writing; the kernel log says if the module cannot")
            .with(Errno.ENOENT, NotFoundException::new, "it does not exist", "check the name")
            .with(Errno.ENOTDIR, NotFoundException::new, "it is not a directory", "check the path")
            .with(Errno.EISDIR, HoldfastException::new, "it is a directory", "choose another name")
            .with(Errno.ELOOP, HoldfastException::new, "too many symbolic links", "check the path")
            .with(Errno.ENAMETOOLONG, InvalidArgumentException::new, "the path is too long", "choose a shorter one")
            .with(
                    Errno.ENOMEM,
                    HoldfastException::new,
                    "the kernel is short of memory",
                    "free some memory and try again")
            .with(Errno.EMFILE, HoldfastException::new, "the process has too many open files", "raise RLIMIT_NOFILE")
            .with(Errno.ENFILE, HoldfastException::new, "the system has too many open files", "raise fs.file-max");

    private static final ErrorTable MODULE = COMMON.with(ErrorMeaning.values());

    /** Calls on the control device. */
    static final ErrorTable CONTROL = MODULE.with(
                    Errno.ENOENT, ModuleNotLoadedException::new, "the module is not loaded", MODULE_HINT)
            .with(
                    Errno.ENOTTY,
                    UnsupportedSystemException::new,
                    "the loaded module does not know this call",
                    "load the module that belongs to this library");

    /** mount(2). */
    static final ErrorTable MOUNT = MODULE.with(
                    Errno.ENODEV,
                    ModuleNotLoadedException::new,
                    "the kernel does not know the file system",
                    MODULE_HINT)
            .with(
                    Errno.EINVAL,
                    BadGeometryException::new,
                    "base and size are not those of a region",
                    "give the base and size that it was formatted with; the kernel log says which")
            .with(Errno.ENOENT, NotFoundException::new, "the mount point does not exist", "create the directory")
            .with(Errno.ENOTDIR, NotFoundException::new, "the mount point is not a directory", "choose a directory");

    /** Mounting a region with struct pages. */
    static final ErrorTable MOUNT_WITH_PAGES = MOUNT.with(
            Errno.EOPNOTSUPP,
            UnsupportedSystemException::new,
            "this kernel has no struct pages for such memory, or the region uses features that the module does not know",
            "mount it with PageModel.NONE, or use a newer module; the kernel log says which");

    /** umount(2). */
    static final ErrorTable UNMOUNT = COMMON.with(
                    Errno.EBUSY,
                    BusyException::new,
                    "a mapping, an open file or a working directory on it holds it",
                    "close every guest memory and every program that uses it, then close the region again")
            .with(
                    Errno.EINVAL,
                    NotARegionException::new,
                    "nothing is mounted there any more",
                    "do not unmount it elsewhere");

    /** Looking at a directory that should lie on a mounted region. */
    static final ErrorTable MOUNTED = COMMON.withAll(
            NotARegionException::new,
            "no region is mounted there",
            "mount the region first",
            Errno.ENOTTY,
            Errno.EINVAL,
            Errno.EOPNOTSUPP);

    /** Setting the limits of a directory, or the features of a region. */
    static final ErrorTable CHANGE = MOUNTED.with(
                    Errno.EOPNOTSUPP,
                    UnknownFeatureException::new,
                    "the region does not use the feature, or the module does not know it",
                    "upgrade the region")
            .with(Errno.ENOTDIR, NotFoundException::new, "it is not a directory", "choose a directory");

    /** Adding a range to a region. */
    static final ErrorTable GROW = MODULE.with(
                    Errno.ENOTTY,
                    NotARegionException::new,
                    "no region is mounted there, or the module knows of one range only",
                    "mount the region first, by the module that belongs to this library")
            .with(
                    Errno.EINVAL,
                    BadGeometryException::new,
                    "it is not aligned to 128 MiB, lies below the region's first range, or overlaps another",
                    "choose a range above the first; the kernel log says which")
            .with(
                    Errno.ENOSPC,
                    NoSpaceException::new,
                    "the region has 32 ranges",
                    "use fewer and larger ones, or another region")
            .with(
                    Errno.EOPNOTSUPP,
                    UnsupportedSystemException::new,
                    "the region is mounted with struct pages, which a further range cannot get",
                    "add it while the region is mounted with PageModel.NONE");

    /** Taking a page out of use. */
    static final ErrorTable RETIRE = MOUNTED.with(
                    Errno.EBUSY,
                    BusyException::new,
                    "it is neither free nor content of a file that can be seen, or it may be pinned",
                    "pages of the region's own tables and lists have a copy elsewhere; what is held for now is free later")
            .with(
                    Errno.ENOSPC,
                    NoSpaceException::new,
                    "its content has no other place, or the region has no room in its list of retired pages",
                    "remove files; memory with bad pages in more than 85 places had best be replaced");

    /** Calls on files of a mounted region. */
    static final ErrorTable FILE = COMMON.with(
                    ErrorMeaning.NO_SPACE, ErrorMeaning.OVER_LIMIT, ErrorMeaning.TOO_FRAGMENTED)
            .with(
                    Errno.EEXIST,
                    AlreadyExistsException::new,
                    "there is one of that name already",
                    "open it, remove it first, or choose another name")
            .with(Errno.EUCLEAN, DamagedException::new, "the file is damaged", "restore it from elsewhere")
            .with(Errno.EIO, DamagedException::new, "the file is damaged", "restore it from elsewhere")
            .with(
                    Errno.EOPNOTSUPP,
                    UnsupportedSystemException::new,
                    "the file system does not offer this",
                    "use a file on a mounted region; for larger pages mount it with pagesize=, on a kernel that has them");

    /** Choosing where a file gets its memory. */
    static final ErrorTable PLACE = FILE.with(
            Errno.EINVAL,
            InvalidArgumentException::new,
            "the region has no range on that node",
            "see Region.ranges() for the nodes that there are");

    /** Calls on a file that holds the bytes of a region. */
    static final ErrorTable DUMP = COMMON.with(
                    Errno.EROFS, ReadOnlyException::new, "the file system is read-only", "copy the dump elsewhere")
            .with(Errno.EISDIR, InvalidArgumentException::new, "it is a directory", "name the file of the dump")
            .with(Errno.EINVAL, InvalidArgumentException::new, "it is not a regular file", "name the file of the dump")
            .with(ErrorMeaning.NO_SPACE.errno(), NoSpaceException::new, "its disk is full", "make room there")
            .with(Errno.EIO, HoldfastException::new, "its disk fails", "see the kernel log");

    /** Reading what the kernel offers in /proc and /sys. */
    static final ErrorTable KERNEL_FILE = COMMON.with(
            Errno.ENOENT,
            UnsupportedSystemException::new,
            "the running kernel does not offer it",
            "mount /proc and /sys, and use a kernel with CONFIG_KEXEC_FILE");

    /** Loading the next kernel, and the jump. */
    static final ErrorTable KEXEC = COMMON.with(
                    Errno.ENOEXEC, InvalidKernelException::new, "it is not a kernel image", "give a bzImage (vmlinuz)")
            .with(
                    Errno.EPERM,
                    PermissionException::new,
                    "kexec is not allowed",
                    "run with CAP_SYS_BOOT, check that kernel.kexec_load_disabled is 0 and that the kernel is not locked down")
            .with(Errno.EBUSY, BusyException::new, "another kexec call is under way", "try again when it is done")
            .with(
                    Errno.EINVAL,
                    HoldfastException::new,
                    "the kernel refuses the image or its command line",
                    "see the kernel log; x86 takes 2016 bytes of command line, 31 less than it can hold")
            .with(
                    Errno.EADDRNOTAVAIL,
                    HoldfastException::new,
                    "there is no room for it in memory",
                    "free some memory, or use a smaller initrd")
            .with(
                    Errno.ENOSYS,
                    UnsupportedSystemException::new,
                    "kexec_file_load is not there",
                    "use x86-64 and a kernel with CONFIG_KEXEC_FILE")
            .withAll(
                    KernelSignatureException::new,
                    "its signature is missing or not trusted",
                    "sign the kernel with a key that the running kernel trusts",
                    Errno.EKEYREJECTED,
                    Errno.ENOKEY,
                    Errno.ENODATA,
                    Errno.EBADMSG,
                    Errno.ENOPKG,
                    Errno.ELIBBAD);

    /** Loading the kernel for a panic. */
    static final ErrorTable KEXEC_CRASH = KEXEC.with(
            Errno.EADDRNOTAVAIL,
            NoCrashMemoryException::new,
            "no memory is set aside for a crash kernel, or too little",
            "boot with crashkernel=256M on the kernel command line");

    /** reboot(2) into the loaded kernel. */
    static final ErrorTable KEXEC_JUMP =
            KEXEC.with(Errno.EINVAL, NoKernelLoadedException::new, "no kernel is loaded", "load one first");

    private record Entry(Function<Failure, HoldfastException> type, String meaning, String hint) {}

    private final Map<Errno, Entry> entries;

    private ErrorTable() {
        this(new EnumMap<>(Errno.class));
    }

    private ErrorTable(Map<Errno, Entry> entries) {
        this.entries = entries;
    }

    private ErrorTable with(Errno errno, Function<Failure, HoldfastException> type, String meaning, String hint) {
        Map<Errno, Entry> more = new EnumMap<>(Errno.class);
        more.putAll(entries);
        more.put(errno, new Entry(type, meaning, hint));
        return new ErrorTable(more);
    }

    private ErrorTable with(ErrorMeaning... meanings) {
        ErrorTable table = this;
        for (ErrorMeaning meaning : meanings) {
            table = table.with(meaning.errno(), typeOf(meaning), clause(meaning.doc()), clause(meaning.hint()));
        }
        return table;
    }

    private ErrorTable withAll(
            Function<Failure, HoldfastException> type, String meaning, String hint, Errno... errnos) {
        ErrorTable table = this;
        for (Errno errno : errnos) {
            table = table.with(errno, type, meaning, hint);
        }
        return table;
    }

    private static Function<Failure, HoldfastException> typeOf(ErrorMeaning meaning) {
        return switch (meaning) {
            case NOT_RESERVED -> NotReservedException::new;
            case NOT_MEMORY -> NotMemoryException::new;
            case CLAIMED -> BusyException::new;
            case BAD_GEOMETRY -> BadGeometryException::new;
            case NOT_FORMATTED -> NotFormattedException::new;
            case DAMAGED -> DamagedException::new;
            case UNKNOWN_FEATURE -> UnknownFeatureException::new;
            case FUTURE_VERSION -> FutureVersionException::new;
            case EXISTS -> AlreadyExistsException::new;
            case NO_SPACE -> NoSpaceException::new;
            case OVER_LIMIT -> OverLimitException::new;
            case TOO_FRAGMENTED -> TooFragmentedException::new;
        };
    }

    /** A sentence of the schema, to stand inside another. */
    private static String clause(String sentence) {
        String text = sentence.strip();
        String open = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return open.substring(0, 1).toLowerCase(Locale.ROOT) + open.substring(1);
    }

    /** The exception for a failed call. */
    HoldfastException exception(String action, String object, ErrnoException failed) {
        Optional<Errno> known = Errno.of(failed.number());
        Entry entry = known.map(entries::get).orElseGet(() -> unexpected(failed.number()));
        return entry.type()
                .apply(new Failure(
                        action, object, failed.call(), known.orElse(Errno.EIO), entry.meaning(), entry.hint()));
    }

    private static Entry unexpected(int number) {
        return new Entry(HoldfastException::new, "the kernel gave errno " + number, "see the kernel log");
    }
}
