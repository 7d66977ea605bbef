// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Lists directories while others change them, and asks for the free space: what never changes must always be there, once. */
final class Onlooker implements Callable<Integer> {

    /** A file in every directory that nobody touches. */
    static final String ANCHOR = "anchor";

    private final List<Path> directories;
    private final AtomicBoolean over;

    Onlooker(List<Path> directories, AtomicBoolean over) {
        this.directories = directories;
        this.over = over;
    }

    @Override
    public Integer call() throws IOException {
        int looks = 0;
        while (!over.get()) {
            for (Path directory : directories) {
                look(directory);
                looks++;
            }
        }
        return looks;
    }

    private static void look(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            long anchors = entries.filter(entry -> entry.endsWith(ANCHOR)).count();
            if (anchors != 1) {
                throw new IllegalStateException(directory + " shows its anchor " + anchors + " times");
            }
        }
        FileStore store = Files.getFileStore(directory);
        if (store.getUnallocatedSpace() > store.getTotalSpace()) {
            throw new IllegalStateException("more is free than there is: " + store.getUnallocatedSpace());
        }
    }
}
