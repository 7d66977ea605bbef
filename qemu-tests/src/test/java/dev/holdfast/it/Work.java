// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Pointer;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.FileExtents;
import dev.holdfast.internal.jna.Mapping;
import dev.holdfast.internal.jna.OpenFile;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Makes, grows, shrinks, replaces and removes files in a mounted region of which nothing is sure. Memory that a file gets must be
 * clear; then it is marked as an {@link Examination} expects it.
 */
final class Work {

    private static final int PAGE = 4096;

    /** A file that is larger has holes, and is looked at by others. */
    private static final long LARGEST = 64 << 20;

    /** A damaged region may have no room left, or a file no place for another extent. */
    private static final Pattern FULL = Pattern.compile("No space left on device|File too large");

    private final List<Path> directories = new ArrayList<>(List.of(Mounting.POINT));
    private final List<Path> files;
    private final SplittableRandom random;

    Work(Examination found, SplittableRandom random) {
        this.files = new ArrayList<>(found.files());
        this.random = random;
        for (Path entry : found.entries()) {
            if (!files.contains(entry)) {
                directories.add(entry);
            }
        }
    }

    void run() throws IOException, ErrnoException {
        for (int i = 0; i < 4; i++) {
            try {
                step(i);
            } catch (IOException e) {
                if (!FULL.matcher(String.valueOf(e.getMessage())).find()) {
                    throw e;
                }
            }
        }
    }

    private void step(int number) throws IOException, ErrnoException {
        Path fresh = directories.get(random.nextInt(directories.size())).resolve("fresh" + number);
        int choice = files.isEmpty() ? 0 : random.nextInt(5);
        switch (choice) {
            case 0 -> {
                resize(fresh, random.nextInt(1, 4) * PAGE);
                files.add(fresh);
            }
            case 1 -> {
                Path file = any();
                resize(file, Files.size(file) + random.nextInt(1, 3 * PAGE));
            }
            case 2 -> {
                Path file = any();
                resize(file, Files.size(file) / 2);
            }
            case 3 ->
                Files.move(files.remove(random.nextInt(files.size())), any(fresh), StandardCopyOption.ATOMIC_MOVE);
            default -> Files.createDirectory(fresh);
        }
    }

    private Path any() {
        return files.get(random.nextInt(files.size()));
    }

    /** One of the files, or if there is none, this one. */
    private Path any(Path fresh) {
        if (files.isEmpty()) {
            files.add(fresh);
        }
        return any();
    }

    private static void resize(Path path, long size) throws IOException, ErrnoException {
        long before = Files.exists(path) ? Files.size(path) : 0;
        Set<Long> owned = new HashSet<>();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                OpenFile old = OpenFile.open(path, OpenFile.Access.READ)) {
            // What a file has beyond its end is its own, and here it is marked.
            FileExtents.visit(old, (at, physical, length) -> {
                for (long page = at; page < at + length && page < size; page += PAGE) {
                    owned.add(page);
                }
            });
            file.setLength(size);
        }
        if (size == 0 || size > LARGEST) {
            return;
        }
        try (OpenFile file = OpenFile.open(path, OpenFile.Access.READ_WRITE);
                Mapping mapping = file.map(size, true)) {
            Pointer mapped = new Pointer(mapping.address());
            for (long at = before; at < size; at++) {
                long page = at - at % PAGE;
                if (mapped.getByte(at) != 0 && (page < before || !owned.contains(page))) {
                    throw new IllegalStateException(path + " got memory that is not clear at " + at);
                }
            }
            FileExtents.visit(file, (at, physical, length) -> {
                for (long page = 0; page < length && at + page < size; page += PAGE) {
                    mapped.setLong(at + page, physical % (128 << 20) + page);
                }
            });
        }
    }
}
