// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * Replaces, renames and removes files that others replace, rename and remove too. Who is first is open, but a file comes whole
 * into its place, so whoever reads it finds one whole content: a seed, and the bytes that follow from it.
 */
final class Rival implements Callable<Integer> {

    private static final int CONTESTED = 6;
    private static final int LARGEST = 40_000;

    private final String name;
    private final Path directory;
    private final SplittableRandom random;
    private final int operations;

    Rival(String name, Path directory, long seed, int operations) {
        this.name = name;
        this.directory = directory;
        this.random = new SplittableRandom(seed);
        this.operations = operations;
    }

    @Override
    public Integer call() throws IOException {
        for (int i = 0; i < operations; i++) {
            try {
                step();
            } catch (NoSuchFileException e) {
                // Another was faster.
            }
        }
        return operations;
    }

    private void step() throws IOException {
        Path file = contested();
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                Path draft = directory.resolve(name);
                Files.write(draft, content(random.nextLong()));
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
            case 2 -> Files.move(file, contested(), StandardCopyOption.ATOMIC_MOVE);
            case 3 -> Files.delete(file);
            default -> {
                byte[] found = Files.readAllBytes(file);
                if (found.length < Long.BYTES
                        || !Arrays.equals(found, content(ByteBuffer.wrap(found).getLong()))) {
                    throw new IllegalStateException(file + " holds what nobody wrote");
                }
            }
        }
    }

    private Path contested() {
        return directory.resolve("contested-" + random.nextInt(CONTESTED));
    }

    private static byte[] content(long seed) {
        SplittableRandom bytes = new SplittableRandom(seed);
        byte[] content = new byte[Long.BYTES + bytes.nextInt(LARGEST)];
        bytes.nextBytes(content);
        ByteBuffer.wrap(content).putLong(seed);
        return content;
    }
}
