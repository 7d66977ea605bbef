// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Pointer;
import dev.holdfast.PhysicalRange;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.FileExtents;
import dev.holdfast.internal.jna.Mapping;
import dev.holdfast.internal.jna.OpenFile;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at all that a mounted region shows, and holds it to what must be true whatever the region's records say: a tree without end
 * or cycle, and files that share no memory and show what lies there, through reading and through a mapping alike. Every page of the
 * data area has its own offset written at its start.
 */
final class Examination {

    private static final int PAGE = 4096;

    /** Of a large run, about so many pages are looked at. */
    private static final long LOOKS = 48;

    /** Of a file that is larger, so much is mapped, in bytes. */
    private static final long MAPPED = 1 << 30;

    private final PhysicalRange region;

    /** Directories and files, parents first. */
    private final List<Path> entries = new ArrayList<>();

    private final List<Path> files = new ArrayList<>();

    /** All memory that files have: where each run starts in the region, and its length, in bytes. */
    private final TreeMap<Long, Long> memory = new TreeMap<>();

    private Examination(PhysicalRange region) {
        this.region = region;
    }

    /** Looks at everything that is mounted at {@link Mounting#POINT}. */
    static Examination of(PhysicalRange region) throws IOException, ErrnoException {
        Examination examination = new Examination(region);
        Set<Object> inodes = new HashSet<>();
        examination.visit(Mounting.POINT, inodes);
        long held = 0;
        for (Path file : examination.files) {
            held += examination.look(file);
        }
        examination.add(held);
        return examination;
    }

    /** Everything below the root, parents first. */
    List<Path> entries() {
        return entries;
    }

    List<Path> files() {
        return files;
    }

    private void visit(Path path, Set<Object> inodes) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        check(inodes.add(status.get("ino")), "%s is there twice", path);
        check(inodes.size() <= RegionImage.SLOTS + 64, "more entries than records");
        if (!path.equals(Mounting.POINT)) {
            entries.add(path);
        }
        if (Boolean.FALSE.equals(status.get("isDirectory"))) {
            files.add(path);
            return;
        }
        int directories = 0;
        Set<Path> names = new HashSet<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
            for (Path child : children) {
                check(names.add(child), "the name %s is there twice", child);
                visit(child, inodes);
                directories += Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) ? 1 : 0;
            }
        }
        check(
                Objects.requireNonNull(status.get("nlink")).equals(2 + directories),
                "%s has %s links",
                path,
                status.get("nlink"));
    }

    /** Looks at a file, and returns how much memory it has, in bytes. */
    private long look(Path path) throws IOException, ErrnoException {
        TreeMap<Long, Long> places = new TreeMap<>();
        long held = 0;
        try (OpenFile file = OpenFile.open(path, OpenFile.Access.READ);
                FileChannel channel = FileChannel.open(path)) {
            FileExtents.visit(file, (at, physical, length) -> {
                long place = physical - region.base();
                check(at % PAGE == 0 && place % PAGE == 0 && length % PAGE == 0, "%s: ragged extents", path);
                check(
                        place >= RegionImage.DATA && length > 0 && place + length <= region.size(),
                        "%s has memory at 0x%x, outside of the data area",
                        path,
                        place);
                claim(path, place, length);
                places.put(at, place);
            });
            for (long place : places.values()) {
                held += memory.getOrDefault(place, 0L);
            }
            long size = channel.size();
            if (size > 0) {
                read(path, file, channel, size, places);
            }
        }
        return held;
    }

    private void claim(Path path, long place, long length) {
        Map.Entry<Long, Long> before = memory.lowerEntry(place + length);
        check(
                before == null || before.getKey() + before.getValue() <= place,
                "%s shares the memory at 0x%x with another file",
                path,
                place);
        memory.put(place, length);
    }

    /** Reads pages all over a file, in two ways. Holes are only read: a mapping would fill them. */
    private void read(Path path, OpenFile file, FileChannel channel, long size, TreeMap<Long, Long> places)
            throws IOException, ErrnoException {
        long mappable = Math.min(size, MAPPED);
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (Mapping mapping = file.map(mappable, false)) {
            Pointer mapped = new Pointer(mapping.address());
            for (Map.Entry<Long, Long> run : places.entrySet()) {
                long length = Objects.requireNonNull(memory.get(run.getValue()));
                long step = Math.max(1, length / PAGE / LOOKS) * PAGE;
                for (long from = 0; from < length && run.getKey() + from < size; from += step) {
                    long at = run.getKey() + from;
                    long place = run.getValue() + from;
                    check(read(path, channel, word, at, size, place) == place, "%s reads another page at %d", path, at);
                    long seen = at < mappable ? mapped.getLong(at) : place;
                    check(seen == place, "%s at %d shows 0x%x, not what lies at 0x%x", path, at, seen, place);
                }
            }
        }
        long last = (size - 1) / PAGE * PAGE;
        for (long at : new long[] {0, size / 2 / PAGE * PAGE, last}) {
            Map.Entry<Long, Long> run = places.floorEntry(at);
            if (run == null || at - run.getKey() >= Objects.requireNonNull(memory.get(run.getValue()))) {
                check(read(path, channel, word, at, size, 0) == 0, "%s has a hole at %d that is not clear", path, at);
            }
        }
        check(channel.read(word.clear(), size) == -1, "%s goes on after its end", path);
    }

    /** The word at an offset, or what is expected if the file ends within it. */
    private static long read(Path path, FileChannel channel, ByteBuffer word, long at, long size, long expected)
            throws IOException {
        int count = channel.read(word.clear(), at);
        check(count == Math.min(Long.BYTES, size - at), "%s at %d: %d bytes read", path, at, count);
        return count == Long.BYTES ? word.getLong(0) : expected;
    }

    /** The numbers must agree with what was seen. */
    private void add(long held) throws IOException, ErrnoException {
        FileStore store = Files.getFileStore(Mounting.POINT);
        long total = store.getTotalSpace();
        long free = store.getUnallocatedSpace();
        check(free >= 0 && total <= region.size(), "%d of %d bytes free", free, total);
        check(held + free <= total, "%d bytes in files and %d free are more than %d", held, free, total);
        try (OpenFile root = OpenFile.open(Mounting.POINT, OpenFile.Access.READ);
                RegionInfo info = new RegionInfo()) {
            info.size(RegionInfo.SIZE);
            root.regionInfo(info);
            check(
                    info.recordsUsed() == entries.size() + 1,
                    "%d records in use, %d entries",
                    info.recordsUsed(),
                    entries.size());
            check(
                    info.recordsDamaged() > 0 || held + free == total,
                    "nothing is damaged, but of %d bytes %d are in files and %d free",
                    total,
                    held,
                    free);
        }
    }

    private static void check(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw new IllegalStateException(String.format(format, arguments));
        }
    }
}
