// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Works on files of its own in directories that it shares, and knows at any time what each must hold. */
final class Owner implements Callable<Integer> {

    private static final int FILES = 20;
    private static final int LARGEST = 256 << 10;
    private static final int READ_WRITE = 2;

    private final String name;
    private final List<Path> directories;
    private final SplittableRandom random;
    private final int operations;
    private final Map<Path, byte[]> files = new TreeMap<>();
    private int made;

    Owner(String name, List<Path> directories, long seed, int operations) {
        this.name = name;
        this.directories = directories;
        this.random = new SplittableRandom(seed);
        this.operations = operations;
    }

    @Override
    public Integer call() throws IOException {
        for (int i = 0; i < operations; i++) {
            step();
        }
        return operations;
    }

    Set<Path> files() {
        return files.keySet();
    }

    void verify() throws IOException {
        for (Path file : files.keySet()) {
            verify(file);
        }
    }

    private void step() throws IOException {
        int choice = random.nextInt(14);
        if (files.isEmpty() || (choice <= 2 && files.size() < FILES)) {
            Path file = fresh();
            byte[] content = bytes(random.nextInt(LARGEST / 4));
            Files.write(file, content);
            files.put(file, content);
            return;
        }
        Path file = any();
        switch (choice) {
            case 3, 4 -> write(file, content(file).length);
            case 5 -> write(file, random.nextInt(content(file).length + 10_000));
            case 6 -> resize(file, random.nextInt(content(file).length + 1));
            case 7 -> resize(file, random.nextInt(LARGEST));
            case 8 -> allocate(file, 1 + random.nextInt(LARGEST));
            case 9, 10 -> writeThroughMapping(file);
            case 11 -> move(file, random.nextBoolean() ? fresh() : any());
            case 12 -> {
                Files.delete(file);
                files.remove(file);
            }
            default -> verify(file);
        }
    }

    private void write(Path file, int at) throws IOException {
        byte[] part = bytes(1 + random.nextInt(20_000));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(part), at);
        }
        byte[] content = content(file);
        byte[] result = Arrays.copyOf(content, Math.max(content.length, at + part.length));
        System.arraycopy(part, 0, result, at, part.length);
        files.put(file, result);
    }

    private void resize(Path file, int size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
        files.put(file, Arrays.copyOf(content(file), size));
    }

    private void allocate(Path file, int size) throws IOException {
        int descriptor = libc("open", file.toString(), READ_WRITE);
        try {
            libc("fallocate", descriptor, 0, new NativeLong(0), new NativeLong(size));
        } finally {
            libc("close", descriptor);
        }
        byte[] content = content(file);
        files.put(file, Arrays.copyOf(content, Math.max(content.length, size)));
    }

    private static int libc(String function, Object... arguments) throws IOException {
        int result = Function.getFunction("c", function).invokeInt(arguments);
        if (result < 0) {
            throw new IOException(function + Arrays.toString(arguments) + ": errno " + Native.getLastError());
        }
        return result;
    }

    /** The mapping stays: it outlives what happens to the file later. */
    private void writeThroughMapping(Path file) throws IOException {
        byte[] content = content(file);
        if (content.length == 0) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, content.length);
            for (int i = 0; i < 8; i++) {
                int at = random.nextInt(content.length);
                byte value = (byte) random.nextInt();
                mapped.put(at, value);
                content[at] = value;
            }
        }
    }

    private void move(Path file, Path to) throws IOException {
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        byte[] content = content(file);
        files.remove(file);
        files.put(to, content);
    }

    private void verify(Path file) throws IOException {
        int difference = Arrays.mismatch(Files.readAllBytes(file), content(file));
        if (difference >= 0) {
            throw new IllegalStateException(file + " does not hold what was written, from byte " + difference + " on");
        }
    }

    private byte[] content(Path file) {
        return Objects.requireNonNull(files.get(file));
    }

    private Path any() {
        return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
    }

    private Path fresh() {
        return directories.get(random.nextInt(directories.size())).resolve(name + "-" + made++);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
