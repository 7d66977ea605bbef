// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import dev.holdfast.abi.Errno;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An open directory, and the files below it by relative path. It goes on meaning the same directory whatever is mounted over its path.
 *
 * <p>Safe to use from several threads.
 */
public final class Directory implements AutoCloseable {
    private static final String SELF = ".";
    private static final String PARENT = "..";
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int CLOSED = -1;
    private static final int INODE_IN_DIRENT = 0;
    private static final int TYPE_IN_DIRENT = 18;
    private static final int NAME_IN_DIRENT = 19;
    private static final byte DT_UNKNOWN = 0;
    private static final byte DT_DIR = 4;
    private static final byte DT_REG = 8;

    private int fd;

    private Directory(int fd) {
        this.fd = fd;
    }

    /** Opens a directory by its path. */
    public static Directory open(Path path) throws ErrnoException {
        // The trailing component makes anything but a directory fail with ENOTDIR.
        return new Directory(OpenFile.descriptor(LibC.AT_FDCWD, path + "/" + SELF, OpenFile.Access.READ));
    }

    /** Opens the directory itself as a file, for ioctls. */
    public OpenFile open() throws ErrnoException {
        return openFile(SELF, OpenFile.Access.READ);
    }

    /** Opens or creates a file. */
    public synchronized OpenFile openFile(String path, OpenFile.Access access) throws ErrnoException {
        return new OpenFile(OpenFile.descriptor(opened(), path, access));
    }

    /** Whether it is the root of a mount. */
    public synchronized boolean isMountRoot() throws ErrnoException {
        return FileStatus.of(opened()).mountRoot();
    }

    /** Whether there is something of that name. */
    public synchronized boolean exists(String path) throws ErrnoException {
        if (LibC.faccessat(opened(), path, LibC.F_OK, 0) == 0) {
            return true;
        }
        ErrnoException failure = ErrnoException.last("faccessat");
        if (failure.number() == Errno.ENOENT.number()) {
            return false;
        }
        throw failure;
    }

    /** Creates a directory that only its owner may enter, unless it exists. */
    public synchronized void ensureDirectory(String path) throws ErrnoException {
        if (LibC.mkdirat(opened(), path, PRIVATE_DIRECTORY) < 0) {
            ErrnoException failure = ErrnoException.last("mkdirat");
            if (failure.number() != Errno.EEXIST.number()) {
                throw failure;
            }
        }
    }

    /** Renames a file; one that has the new name already is replaced in the same step. */
    public synchronized void rename(String from, String to) throws ErrnoException {
        if (LibC.renameat(opened(), from, fd, to) < 0) {
            throw ErrnoException.last("renameat");
        }
    }

    /** Removes a file. */
    public synchronized void remove(String path) throws ErrnoException {
        if (LibC.unlinkat(opened(), path, 0) < 0) {
            throw ErrnoException.last("unlinkat");
        }
    }

    /** Removes a file because of a failure, which is told if even that fails. */
    public void removeAfter(Throwable failure, String path) {
        try {
            remove(path);
        } catch (ErrnoException e) {
            failure.addSuppressed(e);
        }
    }

    /** The names of the files in a directory below this one, in no order. */
    public List<String> list(String path) throws ErrnoException {
        List<String> names = new ArrayList<>();
        visit(path, (name, type, inode) -> {
            if (type == DT_REG || type == DT_UNKNOWN) {
                names.add(name);
            }
        });
        return names;
    }

    /**
     * The paths of all files below this directory, by the numbers of their inodes, without what is mounted here. Of a directory that
     * is removed meanwhile it has what was seen.
     */
    public Map<Long, String> paths() throws ErrnoException {
        Map<Long, String> paths = new HashMap<>();
        Deque<String> directories = new ArrayDeque<>(List.of(SELF));
        while (!directories.isEmpty()) {
            String directory = directories.pop();
            String prefix = directory.equals(SELF) ? "" : directory + "/";
            try {
                if (!prefix.isEmpty() && isMountRoot(directory)) {
                    continue;
                }
                visit(directory, (name, type, inode) -> {
                    if (type == DT_DIR) {
                        if (!name.equals(SELF) && !name.equals(PARENT)) {
                            directories.push(prefix + name);
                        }
                    } else {
                        paths.put(inode, prefix + name);
                    }
                });
            } catch (ErrnoException e) {
                if (e.number() != Errno.ENOENT.number()) {
                    throw e;
                }
            }
        }
        return paths;
    }

    private boolean isMountRoot(String path) throws ErrnoException {
        try (OpenFile directory = openFile(path, OpenFile.Access.READ)) {
            return FileStatus.of(directory.fd()).mountRoot();
        }
    }

    private interface Entries {
        void entry(String name, byte type, long inode);
    }

    private synchronized void visit(String path, Entries entries) throws ErrnoException {
        int listed = OpenFile.descriptor(opened(), path + "/" + SELF, OpenFile.Access.READ);
        Pointer stream = LibC.fdopendir(listed);
        if (stream == null) {
            ErrnoException failure = ErrnoException.last("fdopendir");
            LibC.close(listed);
            throw failure;
        }
        try {
            for (Pointer entry = LibC.readdir(stream); entry != null; entry = LibC.readdir(stream)) {
                entries.entry(
                        entry.getString(NAME_IN_DIRENT, "UTF-8"),
                        entry.getByte(TYPE_IN_DIRENT),
                        entry.getLong(INODE_IN_DIRENT));
            }
        } catch (LastErrorException e) {
            throw new ErrnoException("readdir", e.getErrorCode());
        } finally {
            LibC.closedir(stream);
        }
    }

    /** Whether the directory is still open. */
    public synchronized boolean isOpen() {
        return fd != CLOSED;
    }

    private int opened() {
        if (fd == CLOSED) {
            throw new IllegalStateException("the region is closed");
        }
        return fd;
    }

    /** Closes the directory; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (fd != CLOSED) {
            LibC.close(fd);
            fd = CLOSED;
        }
    }
}
