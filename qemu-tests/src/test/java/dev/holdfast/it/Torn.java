// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes a file's memory away and gives it other memory, again and again, while a mapping of the file is read: what is seen
 * there is the file's own, zeros, or an error, never what others hold.
 */
final class Torn implements Callable<Integer> {

    private static final int PAGE = 4096;
    private static final int SIZE = 64 * PAGE;
    private static final byte OWN = 0x5a;

    private final Path file;
    private final AtomicBoolean over;

    Torn(Path file, AtomicBoolean over) {
        this.file = file;
        this.over = over;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(SIZE);
            MappedByteBuffer mapped = open.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            Reader reader = new Reader(mapped);
            reader.start();
            byte[] content = new byte[SIZE];
            Arrays.fill(content, OWN);
            int times = 0;
            for (; !over.get(); times++) {
                open.setLength(0);
                open.seek(0);
                open.write(content);
            }
            reader.join();
            reader.rethrow();
            return times;
        }
    }

    /** Lets the kernel read: it answers with an error where this virtual machine would get a signal. */
    private final class Reader extends Thread {

        private final MappedByteBuffer mapped;
        private volatile String wrong = "";

        Reader(MappedByteBuffer mapped) {
            super("reader of " + file);
            this.mapped = mapped;
        }

        @Override
        public void run() {
            Path copy = Path.of("/tmp/torn");
            try (FileChannel out = FileChannel.open(
                    copy, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                for (int at = 0; !over.get(); at = (at + PAGE) % SIZE) {
                    look(out, at);
                }
            } catch (IOException e) {
                wrong = e.toString();
            }
        }

        private void look(FileChannel out, int at) throws IOException {
            try {
                out.write(mapped.slice(at, 1), 0);
            } catch (IOException e) {
                if ("Bad address".equals(e.getMessage())) {
                    return;
                }
                throw e;
            }
            ByteBuffer seen = ByteBuffer.allocate(1);
            out.read(seen, 0);
            if (seen.get(0) != 0 && seen.get(0) != OWN) {
                throw new IOException("page " + at / PAGE + " shows " + seen.get(0) + ", which is not its own");
            }
        }

        void rethrow() throws IOException {
            if (!wrong.isEmpty()) {
                throw new IOException(wrong);
            }
        }
    }
}
