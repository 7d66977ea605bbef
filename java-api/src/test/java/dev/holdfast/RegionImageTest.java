// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionImageTest {
    private static final long SIZE = 5L << 30;
    private static final long FAR = SIZE - (3 << 20);

    @TempDir
    private Path directory;

    @Test
    void readsAndWritesAFileWithHolesBeyondFourGigabytes() throws IOException {
        Path dump = dump();
        byte[] bytes = new byte[(2 << 20) + 5];
        bytes[bytes.length - 1] = 7;

        try (RegionImage image = RegionImage.open(dump, RegionImage.Access.REPAIR)) {
            image.write(FAR, bytes);
            image.settle();
        }

        try (RegionImage image = RegionImage.open(dump, RegionImage.Access.READ)) {
            byte[] read = new byte[bytes.length];
            image.read(FAR, read);
            assertThat(read).isEqualTo(bytes);
            assertThat(image.size()).isEqualTo(SIZE);
            assertThat(image.base()).isEmpty();
            assertThatThrownBy(() -> image.read(SIZE - 1, new byte[2])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesToWriteWhatWasOpenedForReading() throws IOException {
        try (RegionImage image = RegionImage.open(dump(), RegionImage.Access.READ)) {
            assertThatThrownBy(() -> image.write(0, new byte[1]))
                    .isInstanceOf(ReadOnlyException.class)
                    .hasMessageContaining("it was opened for reading")
                    .hasMessageContaining("open it for repair");
        }
    }

    @Test
    void saysWhatIsNoDump() {
        assertThatThrownBy(() -> RegionImage.open(directory.resolve("none"), RegionImage.Access.READ))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> RegionImage.open(directory, RegionImage.Access.READ))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("it is a directory");
    }

    @Test
    void saysThatAFileBecameShorter() throws IOException {
        Path dump = dump();
        try (RegionImage image = RegionImage.open(dump, RegionImage.Access.READ)) {
            try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
                file.setLength(4096);
            }
            assertThatThrownBy(() -> image.read(4000, new byte[200]))
                    .isInstanceOf(HoldfastException.class)
                    .hasMessageContaining("it ends before byte 4200");
        }
    }

    private Path dump() throws IOException {
        Path dump = Files.createTempFile(directory, "dump", "");
        try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        return dump;
    }
}
