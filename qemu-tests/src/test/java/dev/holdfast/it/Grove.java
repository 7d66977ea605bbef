// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A directory tree in which every attribute that a record holds takes many values, and two ways to look at it. */
final class Grove {

    private static final Path ROOT = Mounting.POINT.resolve("grove");
    private static final int FILES_IN_A_DIRECTORY = 10;

    private Grove() {}

    /**
     * What to plant.
     *
     * @param seed of the choices
     * @param directories how many more directories, with ten files each
     */
    record Args(long seed, int directories) {}

    /** Adds directories with files to the tree. */
    static final class Plant implements GuestTask<Args, None> {
        @Override
        public None run(Args args, Progress progress) throws IOException {
            SplittableRandom random = new SplittableRandom(args.seed());
            Files.createDirectories(ROOT);
            List<Path> directories = new ArrayList<>(List.of(ROOT));
            for (int i = 0; i < args.directories(); i++) {
                Path parent = directories.get(random.nextInt(directories.size()));
                Path directory = Files.createDirectory(parent.resolve(args.seed() + "-d" + i));
                directories.add(directory);
                for (int j = 0; j < FILES_IN_A_DIRECTORY; j++) {
                    Path file = directory.resolve(name(random, j));
                    byte[] content = new byte[random.nextInt(1 << random.nextInt(1, 17))];
                    random.nextBytes(content);
                    Files.write(file, content);
                    Files.getFileAttributeView(file, BasicFileAttributeView.class)
                            .setTimes(time(random), time(random), null);
                    decorate(random, file);
                }
                decorate(random, directory);
            }
            return None.NONE;
        }
    }

    private static void decorate(SplittableRandom random, Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", random.nextInt());
        Files.setAttribute(path, "unix:gid", random.nextInt(1 << random.nextInt(1, 31)));
        Files.setAttribute(path, "unix:mode", random.nextInt(010000));
    }

    /** From 1901 to 2038, to the nanosecond. */
    private static FileTime time(SplittableRandom random) {
        return FileTime.from(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
    }

    /** Short, long up to the limit of 255 bytes, and of characters that shells dislike. */
    private static String name(SplittableRandom random, int number) {
        return number + "-"
                + switch (random.nextInt(3)) {
                    case 0 -> "n".repeat(random.nextInt(1, 254));
                    case 1 -> "a b\tc\nd\\e";
                    default -> "file";
                };
    }

    /** Lists all attributes of everything in the tree. Does not read the files, so their times stay as they are. */
    static final class Attributes implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) throws IOException {
            List<String> lines = new ArrayList<>();
            for (Path path : paths()) {
                lines.add(ROOT.relativize(path) + " " + Statx.of(path));
            }
            return lines;
        }
    }

    /** Lists the checksums of all files in the tree. */
    static final class Contents implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) throws IOException {
            List<String> lines = new ArrayList<>();
            for (Path path : paths()) {
                if (Files.isRegularFile(path)) {
                    CRC32C checksum = new CRC32C();
                    checksum.update(Files.readAllBytes(path));
                    lines.add(ROOT.relativize(path) + " " + HexFormat.of().toHexDigits(checksum.getValue(), 8));
                }
            }
            return lines;
        }
    }

    private static List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.sorted().toList();
        }
    }
}
