// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A Java program that works on files: it fails at the first thing that is not as Java promises it. */
final class JavaFiles implements GuestTask<None, None> {

    private static final int SIZE = 1 << 20;
    private static final int FAR = 40 << 20;

    private final Path root = Mounting.POINT.resolve("java");
    private final byte[] bytes = new byte[SIZE];

    @Override
    public None run(None none, Progress progress) throws Exception {
        Files.createDirectory(root);
        new SplittableRandom(1).nextBytes(bytes);
        mappings();
        transfers();
        positions();
        locks();
        options();
        asynchronous();
        watching();
        return None.NONE;
    }

    private void mappings() throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve("mapped"), CREATE_NEW, READ, WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            check(channel.size() == SIZE, "a mapping makes the file as long as itself");
            check(mapped.get(SIZE - 1) == 0, "and what it adds is zero");
            mapped.put(bytes);
            mapped.force();
            ByteBuffer read = ByteBuffer.allocate(SIZE);
            check(channel.read(read, 0) == SIZE && Arrays.equals(read.array(), bytes), "read sees what was mapped");
            MappedByteBuffer again = channel.map(FileChannel.MapMode.READ_ONLY, 4096 + 17, 4096);
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 4096 + 17);
            check(again.get(1) == 2 && mapped.get(4096 + 18) == 2, "every mapping sees what is written");
            mapped.put(4096 + 17, bytes, 4096 + 17, 3);
            check(again.mismatch(ByteBuffer.wrap(bytes, 4096 + 17, 4096)) == -1, "or stored through another");
        }
        check(Arrays.equals(Files.readAllBytes(root.resolve("mapped")), bytes), "a mapping outlives its channel");
    }

    private void transfers() throws IOException {
        Path copy = root.resolve("copy");
        Path outside = Path.of("/tmp/outside-java");
        try (FileChannel from = FileChannel.open(root.resolve("mapped"), READ);
                FileChannel to = FileChannel.open(copy, CREATE_NEW, WRITE)) {
            check(from.transferTo(0, SIZE, to) == SIZE, "transferTo copies all");
            check(to.transferFrom(from.position(0), SIZE, SIZE) == SIZE, "transferFrom does too");
        }
        check(Files.size(copy) == 2 * SIZE, "both copies are there");
        check(Files.mismatch(root.resolve("mapped"), copy) == SIZE, "and the first is equal");
        Files.copy(copy, outside);
        Files.move(outside, root.resolve("back"));
        check(Files.mismatch(copy, root.resolve("back")) == -1, "a file comes back from another file system as it was");
    }

    private void positions() throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve("far"), CREATE_NEW, READ, WRITE)) {
            channel.write(ByteBuffer.wrap(bytes, 0, 100), FAR);
            check(channel.size() == FAR + 100, "a position far behind the end makes the file long");
            ByteBuffer read = ByteBuffer.allocate(4096);
            check(channel.read(read, FAR / 2) == 4096 && allZero(read.array()), "and what is between reads as zeros");
            channel.truncate(FAR + 10);
            channel.position(FAR);
            check(channel.read(read.clear()) == 10 && channel.read(read) == -1, "truncated, it ends where it should");
            ByteBuffer[] parts = {ByteBuffer.wrap(bytes, 0, 10), ByteBuffer.wrap(bytes, 10, 5000)};
            check(channel.write(parts) == 5010, "a gathering write writes all parts");
            check(channel.size() == FAR + 5020, "at its position");
        }
    }

    private void locks() throws IOException {
        try (FileChannel one = FileChannel.open(root.resolve("mapped"), READ, WRITE);
                FileLock lock = one.lock(10, 20, false)) {
            check(lock.isValid() && !lock.isShared(), "a part can be locked");
            boolean overlaps = false;
            try {
                one.tryLock(15, 1, false);
            } catch (OverlappingFileLockException e) {
                overlaps = true;
            }
            check(overlaps, "once");
            FileLock beside = Objects.requireNonNull(one.tryLock(40, 10, true), "another part cannot be locked");
            check(beside.isShared(), "and another part shared");
        }
    }

    private void options() throws IOException {
        Path file = root.resolve("options");
        Files.write(file, new byte[] {1, 2}, CREATE_NEW, WRITE, DSYNC);
        Files.write(file, new byte[] {3}, APPEND);
        check(Arrays.equals(Files.readAllBytes(file), new byte[] {1, 2, 3}), "APPEND goes to the end");
        boolean refused = false;
        try {
            Files.write(file, bytes, CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            refused = true;
        }
        check(refused, "CREATE_NEW does not take a file that is there");
        Path temporary = root.resolve("temporary");
        FileChannel.open(temporary, CREATE_NEW, WRITE, DELETE_ON_CLOSE).close();
        check(Files.notExists(temporary), "DELETE_ON_CLOSE deletes");
        check(Files.getFileStore(file).type().equals("holdfast"), "the store says what it is");
    }

    private void asynchronous() throws IOException, InterruptedException, ExecutionException {
        try (AsynchronousFileChannel channel =
                AsynchronousFileChannel.open(root.resolve("asynchronous"), CREATE_NEW, READ, WRITE)) {
            check(channel.write(ByteBuffer.wrap(bytes), 0).get() == SIZE, "asynchronous writes arrive");
            ByteBuffer read = ByteBuffer.allocate(SIZE);
            check(channel.read(read, 0).get() == SIZE && Arrays.equals(read.array(), bytes), "and are read back");
        }
    }

    private void watching() throws IOException, InterruptedException {
        try (WatchService watch = root.getFileSystem().newWatchService()) {
            root.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Files.createFile(root.resolve("seen"));
            WatchKey key = Objects.requireNonNull(watch.poll(20, TimeUnit.SECONDS), "no event of a new file");
            check(key.pollEvents().get(0).context().equals(Path.of("seen")), "a watcher sees a new file");
        }
    }

    private static boolean allZero(byte[] read) {
        return Arrays.equals(read, new byte[read.length]);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + what);
        }
    }
}
