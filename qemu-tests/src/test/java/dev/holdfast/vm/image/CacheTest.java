// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final AtomicInteger made = new AtomicInteger();

    @Test
    void an_entry_is_made_once() throws IOException {
        Path first = entry("a");
        Path second = entry("a");

        assertThat(second).isEqualTo(first);
        assertThat(made).hasValue(1);
        assertThat(Files.readString(first.resolve("content"))).isEqualTo("a");
    }

    @Test
    void what_failed_half_way_is_not_there_and_is_made_again() throws IOException {
        assertThatThrownBy(() -> new Cache(directory).entry("kind", "a", half -> {
                    Files.writeString(half.resolve("content"), "half");
                    throw new IOException("interrupted");
                }))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("interrupted");

        assertThat(files()).isEmpty();
        assertThat(Files.readString(entry("a").resolve("content"))).isEqualTo("a");
    }

    @Test
    void what_a_killed_process_left_half_made_is_swept_away() throws IOException {
        Path half = Files.createDirectories(directory.resolve("kind/.half-123"));
        Files.writeString(half.resolve("content"), "half");

        entry("a");

        assertThat(half).doesNotExist();
    }

    @Test
    void pruning_keeps_what_was_used_last() throws IOException {
        for (String key : new String[] {"a", "b", "c"}) {
            Files.setLastModifiedTime(entry(key), FileTime.fromMillis(1_000_000_000L + key.charAt(0) * 1000L));
        }
        entry("a");

        new Cache(directory).prune("kind", 2);

        assertThat(files()).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void threads_of_one_process_wait_for_each_other() throws Exception {
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Path>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(pool.submit(() -> {
                    start.await();
                    return new Cache(directory).entry("kind", "a", empty -> {
                        made.incrementAndGet();
                        Files.writeString(empty.resolve("content"), "a");
                    });
                }));
            }
            for (Future<Path> result : results) {
                assertThat(result.get(1, TimeUnit.MINUTES).resolve("content")).hasContent("a");
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(made).hasValue(1);
    }

    private Path entry(String key) {
        return new Cache(directory).entry("kind", key, empty -> {
            made.incrementAndGet();
            Files.writeString(empty.resolve("content"), key);
        });
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("kind"))) {
            return entries
                    .filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .toList()
                    .stream();
        }
    }
}
