// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What fsx does: reads, writes, maps, truncates and allocates parts of one file at random, beside a model of it in memory, and
 * compares. What the file system refuses with {@code EOPNOTSUPP} is left out from then on. Returns how often each was done.
 */
final class Exerciser implements GuestTask<Exerciser.Args, Map<String, Integer>> {

    /**
     * What to do.
     *
     * @param name of the file, below the mount point
     * @param seed of the choices
     * @param operations how many
     */
    record Args(String name, long seed, int operations) {}

    private static final int LARGEST = 256 << 10;
    private static final int LONGEST = 40_000;
    private static final int BLOCK = 4096;
    private static final long EOPNOTSUPP = -95;

    private enum Operation {
        READ,
        WRITE,
        MAPPED_READ,
        MAPPED_WRITE,
        TRUNCATE,
        ALLOCATE,
        ALLOCATE_KEEP_SIZE,
        PUNCH_HOLE,
        ZERO_RANGE,
        COLLAPSE_RANGE,
        COPY_RANGE,
        REOPEN
    }

    private byte[] model = new byte[0];
    private final Set<Operation> refused = EnumSet.noneOf(Operation.class);
    private final Map<Operation, Integer> done = new EnumMap<>(Operation.class);

    @Override
    public Map<String, Integer> run(Args args, Progress progress) throws IOException, InterruptedException {
        Path path = Mounting.POINT.resolve(args.name());
        Files.createFile(path);
        SplittableRandom random = new SplittableRandom(args.seed());
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        int fd = Libc.call("open", path.toString(), Libc.O_RDWR);
        try {
            for (int i = 0; i < args.operations(); i++) {
                Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
                if (operation == Operation.REOPEN) {
                    file.close();
                    file = new RandomAccessFile(path.toFile(), "rw");
                    done.merge(operation, 1, Integer::sum);
                } else if (!refused.contains(operation)) {
                    step(operation, file.getChannel(), fd, random);
                }
                if (file.length() != model.length) {
                    throw new IllegalStateException("after " + operation + ", number " + i + ": " + file.length()
                            + " bytes, not " + model.length);
                }
                if (i % 1000 == 999) {
                    progress.say("exerciser: " + (i + 1) + " operations");
                }
            }
        } finally {
            file.close();
            Libc.call("close", fd);
        }
        same(model, 0, Files.readAllBytes(path), "at the end");
        Inside.awaitUnmapped();
        Map<String, Integer> result = new TreeMap<>();
        done.forEach((operation, times) -> result.put(operation.name(), times));
        return result;
    }

    private void step(Operation operation, FileChannel channel, int fd, SplittableRandom random) throws IOException {
        int at = random.nextInt(LARGEST);
        int length = 1 + random.nextInt(LONGEST);
        int inside = Math.min(at, model.length);
        int part = Math.min(length, model.length - inside);
        switch (operation) {
            case READ -> {
                ByteBuffer read = ByteBuffer.allocate(part);
                while (read.hasRemaining() && channel.read(read, inside + read.position()) > 0) {}
                same(model, inside, read.array(), operation + " at " + inside);
            }
            case WRITE -> {
                byte[] bytes = bytes(random, length);
                channel.write(ByteBuffer.wrap(bytes), at);
                grow(at + length);
                System.arraycopy(bytes, 0, model, at, length);
            }
            case MAPPED_READ -> {
                if (part == 0) {
                    return;
                }
                byte[] read = new byte[part];
                channel.map(FileChannel.MapMode.READ_ONLY, inside, part).get(read);
                same(model, inside, read, operation + " at " + inside);
            }
            case MAPPED_WRITE -> {
                byte[] bytes = bytes(random, length);
                MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, at, length);
                grow(at + length);
                mapped.put(bytes);
                mapped.force();
                System.arraycopy(bytes, 0, model, at, length);
            }
            case TRUNCATE -> {
                Libc.call("ftruncate", fd, (long) at);
                model = Arrays.copyOf(model, at);
            }
            case ALLOCATE -> {
                if (allocate(operation, fd, 0, at, length)) {
                    grow(at + length);
                }
            }
            case ALLOCATE_KEEP_SIZE -> {
                if (!allocate(operation, fd, 0x01, at, length)) {
                    return;
                }
            }
            case PUNCH_HOLE -> {
                if (allocate(operation, fd, 0x03, at, length)) {
                    Arrays.fill(model, inside, inside + part, (byte) 0);
                }
            }
            case ZERO_RANGE -> {
                if (allocate(operation, fd, 0x10, at, length)) {
                    grow(at + length);
                    Arrays.fill(model, at, at + length, (byte) 0);
                }
            }
            case COLLAPSE_RANGE -> collapse(fd, inside / BLOCK * BLOCK, (part + BLOCK - 1) / BLOCK * BLOCK);
            case COPY_RANGE -> copy(fd, inside, random.nextInt(LARGEST), part);
            default -> throw new IllegalArgumentException(operation.toString());
        }
        if (!refused.contains(operation)) {
            done.merge(operation, 1, Integer::sum);
        }
    }

    private boolean allocate(Operation operation, int fd, int mode, long at, long length) throws IOException {
        long result = Libc.tell("fallocate", fd, mode, at, length);
        if (result == EOPNOTSUPP) {
            refused.add(operation);
        } else if (result < 0) {
            throw new IOException(operation + " at " + at + " of " + length + " bytes: errno " + -result);
        }
        return result >= 0;
    }

    /** Whole blocks, not up to the end of the file. */
    private void collapse(int fd, int at, int length) throws IOException {
        if (length > 0 && at + length < model.length && allocate(Operation.COLLAPSE_RANGE, fd, 0x08, at, length)) {
            byte[] shorter = Arrays.copyOf(model, model.length - length);
            System.arraycopy(model, at + length, shorter, at, shorter.length - at);
            model = shorter;
        }
    }

    /** The ranges must not overlap. */
    private void copy(int fd, int from, int to, int length) throws IOException {
        if (length == 0 || Math.abs(from - to) < length) {
            return;
        }
        long[] source = {from};
        long[] target = {to};
        for (long left = length; left > 0; ) {
            long copied = Libc.call("copy_file_range", fd, source, fd, target, left, 0);
            if (copied == 0) {
                throw new IOException("copy_file_range copies nothing from " + source[0] + " to " + target[0]);
            }
            left -= copied;
        }
        byte[] bytes = Arrays.copyOfRange(model, from, from + length);
        grow(to + length);
        System.arraycopy(bytes, 0, model, to, length);
    }

    private void grow(int size) {
        model = Arrays.copyOf(model, Math.max(model.length, size));
    }

    private static void same(byte[] model, int at, byte[] found, String when) {
        int difference = Arrays.mismatch(model, at, at + found.length, found, 0, found.length);
        if (difference >= 0) {
            throw new IllegalStateException(when + ": byte " + (at + difference) + " is " + found[difference] + ", not "
                    + model[at + difference]);
        }
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
