// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.it.Ledger.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Works on files of its own in a directory that it shares, and enters into a {@link Ledger} what it is about to do and what it
 * has done. Whoever has the ledger can tell whether the files are what they must be, in this kernel or in a later one.
 */
final class Clerk implements Callable<Long> {

    private static final int LONGEST = 24_000;
    private static final int MAPPINGS = 6;

    private final Path directory;
    private final Ledger ledger;
    private final int number;
    private final long operations;
    private final SplittableRandom random;
    private final Deque<MappedByteBuffer> live = new ArrayDeque<>();

    Clerk(Path directory, Ledger ledger, int number, long operations) {
        this.directory = directory;
        this.ledger = ledger;
        this.number = number;
        this.operations = operations;
        this.random = new SplittableRandom(number);
    }

    /** Works until it is through. */
    @Override
    public Long call() throws IOException {
        while (ledger.operations(number) < operations) {
            int file = random.nextInt(Ledger.FILES);
            State now = ledger.before(number, file);
            if (random.nextInt(8) == 0) {
                look(file, now);
            }
            State next = choose(now);
            ledger.begin(number, file, next);
            change(file, now, next);
            ledger.end(number, file);
        }
        return ledger.operations(number);
    }

    private State choose(State now) {
        long seed = random.nextLong();
        int length = 1 + random.nextInt(LONGEST);
        int name = 1 + random.nextInt(2);
        if (now.name() == 0) {
            return new State(name, seed, length, length);
        }
        return switch (random.nextInt(8)) {
            case 0 -> State.ABSENT;
            case 1 -> new State(3 - now.name(), now.seed(), now.written(), now.size());
            case 2 -> { // shorter
                int size = random.nextInt(now.size() + 1);
                yield new State(now.name(), now.seed(), Math.min(now.written(), size), size);
            }
            case 3 -> new State(now.name(), now.seed(), now.written(), now.size() + length);
            case 4 ->
                now.written() == now.size() // append
                        ? new State(now.name(), now.seed(), now.size() + length, now.size() + length)
                        : now;
            case 5 -> new State(now.name(), seed, now.written(), now.size()); // overwrite through a mapping
            default -> new State(now.name(), seed, length, length); // replace
        };
    }

    private void change(int file, State now, State next) throws IOException {
        if (next.equals(now)) {
            pass();
        } else if (next.name() == 0) {
            Files.delete(path(file, now.name()));
        } else if (now.name() != 0 && next.name() != now.name()) {
            Files.move(path(file, now.name()), path(file, next.name()), StandardCopyOption.ATOMIC_MOVE);
        } else if (now.name() != 0 && next.seed() == now.seed()) {
            resize(path(file, now.name()), now, next);
        } else if (now.name() != 0 && next.size() == now.size() && next.written() == now.written()) {
            overwrite(path(file, now.name()), next);
        } else {
            Path draft = directory.resolve("draft-" + number);
            Files.write(draft, content(next));
            Files.move(draft, path(file, next.name()), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What leaves no trace: a directory that comes and goes, a listing. */
    private void pass() throws IOException {
        Path passing = Files.createDirectory(directory.resolve("passing-" + number));
        try (Stream<Path> all = Files.list(directory)) {
            if (all.noneMatch(passing::equals)) {
                throw new IllegalStateException(passing + " is not in its directory");
            }
        }
        Files.delete(passing);
    }

    private void resize(Path path, State now, State next) throws IOException {
        if (next.written() > now.written()) {
            // By one call: what is in flight is there whole or not at all.
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND)) {
                channel.write(ByteBuffer.wrap(bytes(next, now.written(), next.written())));
            }
            return;
        }
        if (next.size() > now.size() && random.nextBoolean()) {
            int fd = Libc.call("open", path.toString(), Libc.O_RDWR);
            Libc.call("fallocate", fd, 0, (long) now.size(), (long) (next.size() - now.size()));
            Libc.call("close", fd);
            return;
        }
        try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw")) {
            open.setLength(next.size());
        }
    }

    /** The mapping stays for a while, whatever happens to the file. */
    private void overwrite(Path path, State next) throws IOException {
        if (next.written() == 0) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, next.size());
            mapped.put(bytes(next, 0, next.written()));
            live.add(mapped);
        }
        if (live.size() > MAPPINGS) {
            live.remove();
        }
    }

    private void look(int file, State now) throws IOException {
        String wrong = wrong(file, now, now);
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(wrong);
        }
    }

    /** What is wrong with the files; each may be as it was before what is in flight, or as it is after. */
    Stream<String> findings() {
        return Stream.iterate(0, file -> file + 1)
                .limit(Ledger.FILES)
                .map(file -> {
                    try {
                        return wrong(file, ledger.before(number, file), ledger.after(number, file));
                    } catch (IOException e) {
                        return path(file, 0) + ": " + e;
                    }
                })
                .filter(finding -> !finding.isEmpty());
    }

    /** Files that clerks may leave behind beside their own. */
    static boolean mayStay(Path path) {
        return path.getFileName().toString().matches("(draft|passing)-[0-9]+");
    }

    private String wrong(int file, State before, State after) throws IOException {
        for (State state : new State[] {before, after}) {
            if (is(file, state, before, after)) {
                return "";
            }
        }
        return path(file, 0) + " is neither " + before + " nor " + after + ": sizes " + size(file, 1) + ", "
                + size(file, 2);
    }

    private boolean is(int file, State state, State before, State after) throws IOException {
        for (int name = 1; name <= 2; name++) {
            if (size(file, name) != (name == state.name() ? state.size() : -1)) {
                return false;
            }
        }
        if (state.name() == 0) {
            return true;
        }
        byte[] found = Files.readAllBytes(path(file, state.name()));
        boolean overwriting = before.size() == after.size() && before.written() == after.written();
        byte[] one = content(state);
        byte[] other = overwriting ? content(state.equals(before) ? after : before) : one;
        for (int i = 0; i < found.length; i++) {
            if (found[i] != one[i] && found[i] != other[i]) {
                return false;
            }
        }
        return true;
    }

    private long size(int file, int name) throws IOException {
        Path path = path(file, name);
        return Files.exists(path) ? Files.size(path) : -1;
    }

    Path path(int file, int name) {
        return directory.resolve("clerk-" + number + "-" + file + "." + name);
    }

    private static byte[] content(State state) {
        return Arrays.copyOf(bytes(state, 0, state.written()), state.size());
    }

    /** Byte number i is the same however long the file is. */
    private static byte[] bytes(State state, int from, int to) {
        ByteBuffer bytes = ByteBuffer.allocate((to + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        SplittableRandom random = new SplittableRandom(state.seed());
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextLong());
        }
        return Arrays.copyOfRange(bytes.array(), from, to);
    }
}
