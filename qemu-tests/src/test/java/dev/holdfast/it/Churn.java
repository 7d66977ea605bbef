// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Changes a directory tree at random, beside a model of it in memory, and compares the two. The listing that it returns is what
 * any later look at the tree must show.
 */
final class Churn implements GuestTask<Churn.Args, List<String>> {

    /**
     * What to do.
     *
     * @param seed of the choices
     * @param operations how many
     */
    record Args(long seed, int operations) {}

    private static final int DIRECTORIES = 12;
    private static final int FILES = 40;
    private static final int LARGEST = 1 << 20;

    @Override
    public List<String> run(Args args, Progress progress) throws IOException {
        Path root = Mounting.POINT.resolve("churn");
        Files.createDirectories(root);
        TreeMap<String, byte[]> files = new TreeMap<>();
        List<Path> directories = new ArrayList<>(List.of(root));
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted().toList()) {
                if (Files.isDirectory(path) && !path.equals(root)) {
                    directories.add(path);
                } else if (Files.isRegularFile(path)) {
                    files.put(path.toString(), Files.readAllBytes(path));
                }
            }
        }
        SplittableRandom random = new SplittableRandom(args.seed());
        for (int i = 0; i < args.operations(); i++) {
            step(random, directories, files);
        }
        for (var file : files.entrySet()) {
            if (!Arrays.equals(Files.readAllBytes(Path.of(file.getKey())), file.getValue())) {
                throw new IllegalStateException(file.getKey() + " does not hold what was written, seed " + args.seed());
            }
        }
        return listing(root);
    }

    private static void step(SplittableRandom random, List<Path> directories, Map<String, byte[]> files)
            throws IOException {
        Path directory = directories.get(random.nextInt(directories.size()));
        Path fresh = directory.resolve("f" + random.nextInt(1_000_000));
        int choice = random.nextInt(10);
        if (files.isEmpty() || (choice <= 2 && files.size() < FILES)) {
            byte[] content = bytes(random, random.nextInt(LARGEST / 8));
            Files.write(fresh, content);
            files.put(fresh.toString(), content);
            return;
        }
        String name = List.copyOf(files.keySet()).get(random.nextInt(files.size()));
        Path file = Path.of(name);
        byte[] content = Objects.requireNonNull(files.get(name));
        switch (choice) {
            case 3 -> {
                byte[] more = bytes(random, random.nextInt(100_000));
                Files.write(file, more, StandardOpenOption.APPEND);
                files.put(name, join(content, more));
            }
            case 4 -> {
                int size = random.nextInt(content.length + 1);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(size);
                }
                files.put(name, Arrays.copyOf(content, size));
            }
            case 5 -> {
                int at = random.nextInt(content.length + 10_000);
                byte[] part = bytes(random, 1 + random.nextInt(10_000));
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(part), at);
                }
                byte[] result = Arrays.copyOf(content, Math.max(content.length, at + part.length));
                System.arraycopy(part, 0, result, at, part.length);
                files.put(name, result);
            }
            case 6 -> {
                Files.delete(file);
                files.remove(name);
            }
            case 7 -> {
                Files.move(file, fresh, StandardCopyOption.ATOMIC_MOVE);
                files.remove(name);
                files.put(fresh.toString(), content);
            }
            case 8 -> {
                String other = List.copyOf(files.keySet()).get(random.nextInt(files.size()));
                Files.move(file, Path.of(other), StandardCopyOption.ATOMIC_MOVE);
                files.remove(name);
                files.put(other, content);
            }
            default -> attributes(random, directories, directory, file);
        }
    }

    private static void attributes(SplittableRandom random, List<Path> directories, Path directory, Path file)
            throws IOException {
        if (directories.size() < DIRECTORIES && random.nextBoolean()) {
            Path made = directory.resolve("d" + random.nextInt(1_000_000));
            Files.createDirectory(made);
            directories.add(made);
            return;
        }
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(random.nextBoolean() ? "rwxr-x---" : "rw-rw-r--"));
        Files.setAttribute(file, "unix:uid", random.nextInt(60_000));
        Files.setAttribute(file, "unix:gid", random.nextInt(60_000));
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))));
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** One line for each file and directory: everything about it that must persist. */
    static List<String> listing(Path root) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted().toList()) {
                lines.add(line(root, path));
            }
        }
        return lines;
    }

    private static String line(Path root, Path path) throws IOException {
        var attributes = Files.readAttributes(
                path, "unix:mode,uid,gid,nlink,size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
        String content = "";
        if (Files.isRegularFile(path)) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
                content = HexFormat.of().formatHex(digest, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return root.relativize(path) + " " + new TreeMap<>(attributes) + " " + content;
    }

    /** Lists what is there. */
    static final class Look implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String directory, Progress progress) throws IOException {
            return listing(Mounting.POINT.resolve(directory));
        }
    }
}
