// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.abi.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryTest {
    @Test
    void knowsTheRootOfAMount(@TempDir Path inside) throws Exception {
        try (Directory root = Directory.open(Path.of("/proc"));
                Directory other = Directory.open(Files.createDirectory(inside.resolve("below")))) {
            assertThat(root.isMountRoot()).isTrue();
            assertThat(other.isMountRoot()).isFalse();
        }
    }

    @Test
    void listsMoreThanOneReadOfTheKernelHolds(@TempDir Path directory) throws Exception {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        String[] names = IntStream.range(0, 3000)
                .mapToObj(number -> "a-rather-long-name-of-a-file-" + number)
                .toArray(String[]::new);
        for (String name : names) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve("directory"));

        try (Directory root = Directory.open(directory)) {
            assertThat(root.list("folder")).containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void saysWhatTheKernelSays(@TempDir Path directory) throws Exception {
        try (Directory root = Directory.open(directory)) {
            assertThatThrownBy(() -> root.list("none")).isInstanceOfSatisfying(ErrnoException.class, e -> {
                assertThat(e.call()).isEqualTo("openat");
                assertThat(e.number()).isEqualTo(Errno.ENOENT.number());
            });
            assertThatThrownBy(() -> root.remove(".")).isInstanceOfSatisfying(ErrnoException.class, e -> {
                assertThat(e.call()).isEqualTo("unlinkat");
                assertThat(e.number()).isEqualTo(Errno.EISDIR.number());
            });
        }
    }

    @Test
    void tellsBothFailuresWhenCleaningUpFails(@TempDir Path directory) throws Exception {
        Exception failure = new Exception("first");
        try (Directory root = Directory.open(directory)) {
            root.removeAfter(failure, "none");
        }

        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(ErrnoException.class);
    }
}
