// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.abi.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateFileTest {
    private final Path directory;
    private final Region region;

    StateFileTest(@TempDir(factory = SharedMemory.class) Path directory) {
        this.directory = directory;
        this.region = Region.onDirectory(directory);
    }

    @AfterEach
    void leavesNothingOpen() throws IOException {
        region.close();
        assertThat(ThisProcess.openFilesBelow(directory)).isEmpty();
    }

    private Path states() {
        return directory.resolve("state");
    }

    private Stream<String> filesOnDisk() throws IOException {
        try (Stream<Path> files = Files.list(states())) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Lengths around that of the buffer that the library copies through. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000})
    void readsWhatWasWritten(int length) throws IOException {
        byte[] content = bytes(length, length);
        StateFile state = region.state("vm");

        state.replace(content);

        assertThat(Files.readAllBytes(states().resolve("vm"))).isEqualTo(content);
        assertThat(state.read()).isEqualTo(content);
        assertThat(filesOnDisk()).containsExactly("vm");
    }

    @Test
    void replacesAsAWhole() throws IOException {
        StateFile state = region.state("vm");
        state.replace(bytes(5000, 1));

        state.replace(bytes(100, 2));

        assertThat(state.read()).isEqualTo(bytes(100, 2));
        assertThat(filesOnDisk()).containsExactly("vm");
    }

    @Test
    void neverShowsAMixture() {
        StateFile state = region.state("vm");
        int length = 100_000;
        state.replace(new byte[length]);
        AtomicBoolean done = new AtomicBoolean();

        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int round = 1; round <= 200; round++) {
                byte[] content = new byte[length];
                Arrays.fill(content, (byte) round);
                state.replace(content);
            }
            done.set(true);
        });
        do {
            byte[] content = state.read();
            byte[] expected = new byte[length];
            Arrays.fill(expected, content[0]);
            assertThat(content).isEqualTo(expected);
        } while (!done.get() && !writer.isDone());
        writer.join();
    }

    @Test
    void keepsTheOldContentWhenTheNewCannotBePut() throws IOException {
        Path inTheWay = Files.createDirectories(states().resolve("vm/child"));

        assertThatThrownBy(() -> region.state("vm").replace(bytes(10, 1)))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.call()).isEqualTo("renameat");
                    assertThat(e.errno()).isEqualTo(Errno.EISDIR);
                });
        assertThat(inTheWay).exists();
        assertThat(filesOnDisk()).containsExactly("vm");
    }

    @Test
    void doesNotShowWhatAWriterLeftThatDied() throws IOException {
        Files.writeString(states().resolve(".unfinished-5ea1"), "half");
        region.state("vm").replace(bytes(10, 1));

        assertThat(region.states()).containsExactly("vm");
    }

    @Test
    void refusesWhatNoArrayCanHold() throws IOException {
        try (FileChannel file =
                FileChannel.open(states().resolve("vm"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), Integer.MAX_VALUE - 8L);
        }

        assertThatThrownBy(() -> region.state("vm").read())
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EFBIG))
                .hasMessageContaining("it has 2147483640 bytes, more than an array can hold");
    }

    @Test
    void saysThatThereIsNone() {
        assertThat(region.state("none").exists()).isFalse();
        assertThatThrownBy(() -> region.state("none").read())
                .isInstanceOf(NotFoundException.class)
                .hasMessage("cannot read state " + states().resolve("none")
                        + ": it does not exist (openat: ENOENT); check the name");
    }

    @Test
    void isNoDirectory() throws IOException {
        Files.createDirectory(states().resolve("vm"));

        assertThatThrownBy(() -> region.state("vm").read())
                .isInstanceOf(HoldfastException.class)
                .hasMessage("cannot read state " + states().resolve("vm")
                        + ": it is a directory (statx: EISDIR); choose another name");
    }

    @Test
    void isRemoved() {
        StateFile state = region.state("vm");
        state.replace(bytes(10, 1));
        assertThat(state.exists()).isTrue();

        state.remove();

        assertThat(state.exists()).isFalse();
        assertThat(region.states()).isEmpty();
    }

    @Test
    void isRenamedOverAnother() throws IOException {
        region.state("old").replace(bytes(10, 1));
        StateFile state = region.state("vm");
        state.replace(bytes(20, 2));

        state.renameTo("old");

        assertThat(state.exists()).isFalse();
        assertThat(region.state("old").read()).isEqualTo(bytes(20, 2));
        assertThat(filesOnDisk()).containsExactly("old");
        assertThatThrownBy(() -> state.renameTo("old"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageStartingWith("cannot rename state " + states().resolve("vm") + ": it does not exist");
        assertThatThrownBy(() -> region.state("old").renameTo("a/b")).isInstanceOf(InvalidArgumentException.class);
        assertThat(region.states()).containsExactly("old");
    }

    @Test
    void takesNamesOfAnyScript() throws IOException {
        String name = "\u00e4\ud83d\ude80";
        region.state(name).replace(bytes(10, 1));

        assertThat(region.states()).containsExactly(name);
        assertThat(region.state(name).read()).isEqualTo(bytes(10, 1));
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        region.state("vm").replace(bytes(10, 1));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(states().resolve("vm"))))
                .isEqualTo("rw-------");
    }
}
