// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * Fills the whole region with canaries, gives the memory back in one way, takes it again in another, and looks for canaries in all
 * that can be seen then. Tells how many it met in the first place, so that the test knows that there were some, and how many after.
 */
final class Canary implements GuestTask<Canary.Args, Canary.Seen> {
    static final byte[] BIRD = "canary!\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final int PART = 1 << 20;
    private static final int BLOCK = 4096;
    private static final long HOLE = 64L * PART;
    private static final String OLD = "old";
    private static final String NEW = "guest-memory/new";

    /** How memory is given back. */
    enum Way {
        UNLINK,
        TRUNCATE,
        PUNCH,
        COLLAPSE,
        REPLACE,
        SHORTEN
    }

    /** How memory is taken. */
    enum Taking {
        ALLOCATE,
        WRITE_A_BYTE_PER_BLOCK,
        TOUCH_A_HOLE,
        ALLOCATE_BEHIND_THE_END,
        ZERO,
        INSERT
    }

    /** In which way it is given back, and how it is taken. */
    record Args(Way way, Taking taking) {}

    /** Canaries when the region was full of them, and afterwards; bytes that were looked at then. */
    record Seen(long before, long after, long bytes) {}

    @Override
    public Seen run(Args args, Progress progress) throws IOException {
        fill();
        long before = count(OLD);
        giveBack(args.way());
        take(args.taking());
        Seen seen = new Seen(before, count(NEW), size(NEW));
        Files.delete(path(NEW));
        Files.deleteIfExists(path(OLD));
        return seen;
    }

    private static Path path(String name) {
        return Mounting.POINT.resolve(name);
    }

    private static long size(String name) throws IOException {
        return Files.size(path(name));
    }

    private static void fill() throws IOException {
        byte[] flock = new byte[PART];
        for (int at = 0; at < PART; at += BIRD.length) {
            System.arraycopy(BIRD, 0, flock, at, BIRD.length);
        }
        try (Holes file = new Holes(OLD)) {
            for (long at = 0; file.allocate(0, at, PART) == 0; at += PART) {
                file.write(at, flock);
            }
        }
    }

    private static void giveBack(Way way) throws IOException {
        try (Holes file = new Holes(OLD)) {
            long size = file.channel().size();
            switch (way) {
                case UNLINK -> Files.delete(path(OLD));
                case TRUNCATE -> expect(file.resize(0));
                case PUNCH -> expect(file.allocate(Holes.PUNCH, 0, size));
                case COLLAPSE -> expect(file.allocate(Holes.COLLAPSE, 0, size - BLOCK));
                case REPLACE -> {
                    Files.createFile(path("other"));
                    Files.move(path("other"), path(OLD), StandardCopyOption.ATOMIC_MOVE);
                }
                // The rest of the last block stays, and becomes part of the file again.
                case SHORTEN -> expect(file.resize(5));
            }
            if (way == Way.SHORTEN) {
                expect(file.resize(BLOCK));
                if (count(OLD) > 0) {
                    throw new IllegalStateException("what was cut off came back");
                }
            }
        }
    }

    private static void take(Taking taking) throws IOException {
        try (Holes file = new Holes(NEW)) {
            switch (taking) {
                case ALLOCATE -> takeParts(file, 0, 0);
                case ZERO -> takeParts(file, Holes.ZERO, 0);
                case ALLOCATE_BEHIND_THE_END -> {
                    long end = takeParts(file, Holes.KEEP_SIZE, 0);
                    expect(file.resize(end));
                }
                case WRITE_A_BYTE_PER_BLOCK -> writeABytePerBlock(file);
                case TOUCH_A_HOLE -> {
                    expect(file.resize(HOLE));
                    touch();
                }
                case INSERT -> {
                    takeParts(file, 0, 8);
                    expect(file.allocate(Holes.INSERT, PART, PART));
                    takeParts(file, 0, 0);
                }
            }
        }
    }

    private static void touch() {
        try (Region region = Region.open(Mounting.POINT);
                GuestMemory memory = region.guestMemory("new").open()) {
            for (long at = 0; at < HOLE; at += BLOCK) {
                if (memory.slice(at, Long.BYTES).getLong(0) != 0) {
                    throw new IllegalStateException("a hole held something at " + at);
                }
            }
        }
    }

    /** Takes so many parts, or all there are, and tells where they end. */
    private static long takeParts(Holes file, int mode, int most) {
        long at = 0;
        while ((most == 0 || at < (long) most * PART) && file.allocate(mode, at, PART) == 0) {
            at += PART;
        }
        return at;
    }

    private static void writeABytePerBlock(Holes file) throws IOException {
        byte[] one = {1};
        try {
            for (long at = 100; ; at += 2 * BLOCK) {
                file.write(at, one);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).matches("No space left on device|File too large")) {
                throw e;
            }
        }
    }

    private static void expect(int errno) {
        if (errno != 0) {
            throw new IllegalStateException("errno " + errno);
        }
    }

    private static long count(String name) throws IOException {
        long found = 0;
        byte[] part = new byte[PART];
        try (FileChannel channel = FileChannel.open(path(name))) {
            ByteBuffer buffer = ByteBuffer.wrap(part);
            while (channel.read(buffer.clear()) > 0) {
                for (int at = 0; at + BIRD.length <= buffer.position(); at += BIRD.length) {
                    found += part[at] == BIRD[0] && Arrays.equals(part, at, at + BIRD.length, BIRD, 0, BIRD.length)
                            ? 1
                            : 0;
                }
            }
        }
        return found;
    }
}
