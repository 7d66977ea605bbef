// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * Directories that are costly to make, each made once. An entry appears under its name only when it is complete; what an
 * interrupted run left half made is swept away by the next. Whoever wants the same kind of entry, another thread or another
 * process, waits.
 *
 * @param directory where the entries are
 */
public record Cache(Path directory) {

    private static final long POLL_NANOS = 20_000_000;

    /** Makes the content of an entry in an empty directory. */
    @FunctionalInterface
    public interface Maker {
        /** Fills {@code directory}. */
        void make(Path directory) throws IOException;
    }

    /** What is done under a lock. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** The entry {@code kind/key}, made first if there is none. */
    public Path entry(String kind, String key, Maker maker) {
        Path entry = directory.resolve(kind).resolve(key);
        try {
            if (Files.isDirectory(entry)) {
                Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
                return entry;
            }
            Files.createDirectories(directory.resolve(kind));
            return locked(
                    kind, () -> Files.isDirectory(entry) ? entry : makeEntry(directory.resolve(kind), entry, maker));
        } catch (IOException e) {
            throw new HarnessException("cannot make " + entry + ": " + e, e);
        }
    }

    /** Does what only one may do at a time, such as work in a directory that is not made of entries. */
    public <T> T alone(String what, Work<T> work) {
        try {
            Files.createDirectories(directory.resolve(what));
            return locked(what, work);
        } catch (IOException e) {
            throw new HarnessException("cannot work in " + directory.resolve(what) + ": " + e, e);
        }
    }

    /** Removes the entries of a kind that were used longest ago, until {@code keep} are left. */
    public void prune(String kind, int keep) {
        try {
            locked(kind, () -> {
                for (Path old :
                        newestFirst(directory.resolve(kind)).stream().skip(keep).toList()) {
                    PathUtils.deleteDirectory(old);
                }
                return directory;
            });
        } catch (IOException e) {
            throw new HarnessException("cannot prune " + directory.resolve(kind) + ": " + e, e);
        }
    }

    private static List<Path> newestFirst(Path kind) throws IOException {
        try (Stream<Path> entries = Files.list(kind)) {
            return entries.filter(Files::isDirectory)
                    .sorted(Comparator.comparing((Path entry) -> entry.toFile().lastModified())
                            .reversed())
                    .toList();
        }
    }

    private static Path makeEntry(Path kind, Path entry, Maker maker) throws IOException {
        sweep(kind);
        Path half = Files.createTempDirectory(kind, ".half-");
        try {
            maker.make(half);
            return Files.move(half, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(half)) {
                PathUtils.deleteDirectory(half);
            }
        }
    }

    /** Only called with the lock held, so nobody else is making an entry. */
    private static void sweep(Path kind) throws IOException {
        try (Stream<Path> entries = Files.list(kind)) {
            for (Path half : entries.filter(
                            entry -> entry.getFileName().toString().startsWith(".half-"))
                    .toList()) {
                PathUtils.deleteDirectory(half);
            }
        }
    }

    private <T> T locked(String kind, Work<T> work) throws IOException {
        Path lockFile = directory.resolve(kind).resolve(".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new NoSuchFileException(lockFile.toString());
            }
            return work.run();
        }
    }

    /** A file's lock belongs to the whole process: where another thread has it, Java refuses instead of waiting. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
