// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.vm.guest.GuestTask;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Cuts and patches one file at random, through every call that changes content, beside a model of it in memory. Compares both after
 * each change where it was made, and as a whole now and then. Returns a checksum of the content.
 */
final class Patchwork implements GuestTask<Patchwork.Args, Patchwork.Result> {

    /**
     * What to do.
     *
     * @param name of the file
     * @param seed of the choices
     * @param operations how many
     */
    record Args(String name, long seed, int operations) {}

    /**
     * What came of it.
     *
     * @param checksum of the content
     * @param size of the file, in bytes
     * @param runs pieces of memory between holes
     */
    record Result(int checksum, long size, int runs) {}

    private static final int BLOCK = 4096;
    private static final int LARGEST = 4 << 20;
    private static final int LONGEST = 8 << 10;
    private static final int WHOLE_EVERY = 200;

    private final byte[] model = new byte[LARGEST + LONGEST];
    private int size;

    @Override
    public Result run(Args args, Progress progress) throws IOException {
        SplittableRandom random = new SplittableRandom(args.seed());
        try (Holes file = new Holes(args.name())) {
            for (int operation = 0; operation < args.operations(); operation++) {
                String what = change(file, random);
                String where = args + " operation " + operation + " " + what;
                compare(file, operation % WHOLE_EVERY == 0, random, where);
                if (operation % WHOLE_EVERY == 0) {
                    compareMapped(file, random, where);
                }
            }
            compare(file, true, random, args + " at the end");
            return look(file, size);
        }
    }

    /** What a file is now. */
    static Result look(Holes file, int size) throws IOException {
        int runs = 0;
        for (long at = file.data(0); at >= 0; at = file.data(file.hole(at))) {
            runs++;
        }
        return new Result(Arrays.hashCode(file.read(0, size)), file.channel().size(), runs);
    }

    /** Looks at a file that an earlier run left. */
    static final class Look implements GuestTask<String, Result> {
        @Override
        public Result run(String name, Progress progress) throws IOException {
            try (Holes file = new Holes(name)) {
                return look(file, Math.toIntExact(file.channel().size()));
            }
        }
    }

    private String change(Holes file, SplittableRandom random) throws IOException {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> write(file, random);
            case 3 -> writeMapped(file, random);
            case 4 -> truncate(file, random);
            case 5, 6 -> punch(file, random);
            case 7 -> zero(file, random);
            case 8 -> collapseOrInsert(file, random);
            default -> allocate(file, random);
        };
    }

    private String write(Holes file, SplittableRandom random) throws IOException {
        int at = random.nextInt(LARGEST - LONGEST);
        byte[] bytes = new byte[1 + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        file.write(at, bytes);
        System.arraycopy(bytes, 0, model, at, bytes.length);
        size = Math.max(size, at + bytes.length);
        return "write " + at + " " + bytes.length;
    }

    private String writeMapped(Holes file, SplittableRandom random) throws IOException {
        if (size == 0) {
            return "nothing to map";
        }
        MappedByteBuffer mapped = file.channel().map(FileChannel.MapMode.READ_WRITE, 0, size);
        int at = random.nextInt(size);
        byte[] bytes = new byte[Math.min(size - at, 1 + random.nextInt(LONGEST))];
        random.nextBytes(bytes);
        mapped.put(at, bytes);
        System.arraycopy(bytes, 0, model, at, bytes.length);
        return "mapped write " + at + " " + bytes.length;
    }

    private String truncate(Holes file, SplittableRandom random) throws IOException {
        int to =
                random.nextInt(16) == 0 ? random.nextInt(LARGEST) : Math.min(LARGEST, size + random.nextInt(BLOCK * 8));
        expect(0, file.resize(to), "truncate");
        Arrays.fill(model, Math.min(to, size), model.length, (byte) 0);
        size = to;
        return "truncate " + to;
    }

    private String punch(Holes file, SplittableRandom random) {
        int at = random.nextInt(LARGEST);
        int length = 1 + random.nextInt(LONGEST);
        expect(0, file.allocate(Holes.PUNCH, at, length), "punch");
        clear(at, length);
        return "punch " + at + " " + length;
    }

    private String zero(Holes file, SplittableRandom random) {
        boolean keep = random.nextBoolean();
        int at = random.nextInt(LARGEST - LONGEST);
        int length = 1 + random.nextInt(LONGEST);
        expect(0, file.allocate(Holes.ZERO | (keep ? Holes.KEEP_SIZE : 0), at, length), "zero");
        clear(at, length);
        size = keep ? size : Math.max(size, at + length);
        return "zero " + at + " " + length + (keep ? " kept size" : "");
    }

    private String allocate(Holes file, SplittableRandom random) {
        boolean keep = random.nextBoolean();
        int at = random.nextInt(LARGEST - LONGEST);
        int length = 1 + random.nextInt(LONGEST);
        expect(0, file.allocate(keep ? Holes.KEEP_SIZE : 0, at, length), "allocate");
        size = keep ? size : Math.max(size, at + length);
        return "allocate " + at + " " + length + (keep ? " kept size" : "");
    }

    private String collapseOrInsert(Holes file, SplittableRandom random) {
        int blocks = size / BLOCK;
        int length = BLOCK * (1 + random.nextInt(8));
        if (blocks < 10) {
            return "nothing to collapse";
        }
        int at = BLOCK * random.nextInt(blocks - 9);
        if (random.nextBoolean() && size + length <= LARGEST) {
            expect(0, file.allocate(Holes.INSERT, at, length), "insert");
            System.arraycopy(model, at, model, at + length, size - at);
            clear(at, length);
            size += length;
            return "insert " + at + " " + length;
        }
        expect(0, file.allocate(Holes.COLLAPSE, at, length), "collapse");
        System.arraycopy(model, at + length, model, at, size - at - length);
        Arrays.fill(model, size - length, size, (byte) 0);
        size -= length;
        return "collapse " + at + " " + length;
    }

    private void clear(int at, int length) {
        if (at < size) {
            Arrays.fill(model, at, Math.min(size, at + length), (byte) 0);
        }
    }

    private static void expect(int errno, int got, String what) {
        if (errno != got) {
            throw new IllegalStateException(what + " gave errno " + got + ", not " + errno);
        }
    }

    private void compare(Holes file, boolean whole, SplittableRandom random, String where) throws IOException {
        if (file.channel().size() != size) {
            throw new IllegalStateException(
                    where + ": size is " + file.channel().size() + ", not " + size);
        }
        int at = whole || size == 0 ? 0 : random.nextInt(size);
        int length = whole ? size : Math.min(size - at, LONGEST);
        byte[] read = file.read(at, length);
        int wrong = Arrays.mismatch(read, Arrays.copyOfRange(model, at, at + length));
        if (wrong >= 0) {
            throw new IllegalStateException(where + ": wrong byte at " + (at + wrong));
        }
    }

    /** Reading through a mapping fills holes, so that it is a small part. */
    private void compareMapped(Holes file, SplittableRandom random, String where) throws IOException {
        if (size < LONGEST) {
            return;
        }
        int at = random.nextInt(size - LONGEST);
        byte[] seen = new byte[LONGEST];
        file.channel().map(FileChannel.MapMode.READ_ONLY, 0, size).get(at, seen);
        int wrong = Arrays.mismatch(seen, Arrays.copyOfRange(model, at, at + LONGEST));
        if (wrong >= 0) {
            throw new IllegalStateException(where + ": wrong byte in the mapping at " + (at + wrong));
        }
    }
}
