// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What clerks have done to their files, and what they are about to do. It is a mapping of a file in another region, so that an
 * entry costs no call and is still there when the kernel was left in the middle of anything.
 *
 * <p>Each file has a line: whether something is in flight, the state before it, and the state after it.
 */
final class Ledger {

    /** Files of a clerk. */
    static final int FILES = 12;

    private static final int STATE = 4;
    private static final int LINE = 1 + 2 * STATE;
    private static final int PAGE = 1 + FILES * LINE;

    /**
     * What a file is.
     *
     * @param name under which of its two names it stands, 1 or 2; 0 if it is not there
     * @param seed of its bytes
     * @param written how many of them there are
     * @param size of the file; behind what is written there are zeros
     */
    record State(int name, long seed, int written, int size) {
        static final State ABSENT = new State(0, 0, 0, 0);
    }

    private final LongBuffer longs;

    /** Opens it, and makes it if there is none. */
    Ledger(Path file, int clerks) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) clerks * PAGE * Long.BYTES);
            longs = mapped.order(ByteOrder.nativeOrder()).asLongBuffer();
        }
    }

    /** Operations of a clerk that have returned. */
    long operations(int clerk) {
        return longs.get(clerk * PAGE);
    }

    /** The state of a file before what is in flight. */
    State before(int clerk, int file) {
        return state(line(clerk, file) + 1);
    }

    /** The state of a file after what is in flight; if nothing is, the same as before. */
    State after(int clerk, int file) {
        int line = line(clerk, file);
        return longs.get(line) == 0 ? state(line + 1) : state(line + 1 + STATE);
    }

    /** Something is about to be done to a file. */
    void begin(int clerk, int file, State after) {
        int line = line(clerk, file);
        put(line + 1 + STATE, after);
        VarHandle.fullFence();
        longs.put(line, 1);
        VarHandle.fullFence();
    }

    /** It is done. */
    void end(int clerk, int file) {
        int line = line(clerk, file);
        VarHandle.fullFence();
        put(line + 1, state(line + 1 + STATE));
        VarHandle.fullFence();
        longs.put(line, 0);
        longs.put(clerk * PAGE, operations(clerk) + 1);
    }

    private static int line(int clerk, int file) {
        return clerk * PAGE + 1 + file * LINE;
    }

    private State state(int at) {
        return new State((int) longs.get(at), longs.get(at + 1), (int) longs.get(at + 2), (int) longs.get(at + 3));
    }

    private void put(int at, State state) {
        longs.put(at, state.name());
        longs.put(at + 1, state.seed());
        longs.put(at + 2, state.written());
        longs.put(at + 3, state.size());
    }
}
