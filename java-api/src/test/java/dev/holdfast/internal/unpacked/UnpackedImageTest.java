// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import dev.holdfast.internal.boot.BootFiles.Packing;
import dev.holdfast.internal.unpacked.UnpackedImage.Host;
import dev.holdfast.internal.unpacked.UnpackedImage.Reserved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackedImageTest {
    private static final int ROOM = 1 << 20;
    private static final String IOMEM = "00000000-02ffffff : System RAM\n";

    @TempDir
    private Path directory;

    private Path kernel;
    private Path initrd;

    @BeforeEach
    void makeFiles() throws IOException {
        byte[] elf = new Vmlinux()
                .with(0, new byte[100])
                .withRelocations(-1, 8, -1, 24)
                .bytes();
        kernel = Files.write(directory.resolve("vmlinuz"), BootFiles.kernelWith(Packing.ZSTD, elf, ROOM));
        initrd = Files.write(
                directory.resolve("initrd"), Packing.GZIP.pack(BootFiles.cpio(Map.of("init", new byte[8 << 20]))));
    }

    @Test
    void findsAPlaceForEverything() {
        for (boolean atRandom : new boolean[] {false, true}) {
            assertThatCode(() -> make(IOMEM, atRandom)).doesNotThrowAnyException();
        }
    }

    @Test
    void saysThatThereIsNoPlace() {
        // Three pages, the initrd with less than three more, and 1 MiB.
        assertThatCode(() -> make("01000000-0190bfff : System RAM\n", false)).doesNotThrowAnyException();
        for (String small : List.of("01000000-018fffff", "01000000-017fffff", "01000000-01001fff")) {
            for (boolean atRandom : new boolean[] {false, true}) {
                assertThatThrownBy(() -> make(small + " : System RAM\n", atRandom))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching("no \\d+ bytes of memory lie together for the next kernel");
            }
        }
    }

    @Test
    void staysOutOfWhatIsReserved() {
        List<Reserved> all = List.of(new Reserved(16 << 20, 16 << 20), new Reserved(32 << 20, 15 << 20));

        assertThatThrownBy(() -> UnpackedImage.of(kernel, null, "quiet", false, host(IOMEM), all)
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessage("no 1048576 bytes of memory lie together for the next kernel");
    }

    @Test
    void takesNoInitrdAndAnEmptyOne() throws IOException {
        UnpackedImage.of(kernel, null, "", true, host(IOMEM), List.of()).close();
        for (int length : new int[] {0, 512}) {
            Files.write(initrd, new byte[length]);
            assertThatCode(() -> make(IOMEM, true)).doesNotThrowAnyException();
        }
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(initrd);
        assertThatThrownBy(() -> make(IOMEM, false))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(initrd.toString());
    }

    /** Each byte of the kernel's header becomes each of some others: what cannot be is refused in one line. */
    @Test
    void refusesDamagedHeadersInOneLine() throws IOException {
        byte[] good = Files.readAllBytes(kernel);
        int refused = 0;
        for (int at = 0x1f1; at < 0x26c; at++) {
            for (int value : new int[] {0, 1, 0x40, 0x7f, 0x80, 0xff}) {
                byte[] bad = good.clone();
                bad[at] = (byte) value;
                Files.write(kernel, bad);
                try {
                    UnpackedImage.of(kernel, null, "quiet", at % 2 == 0, host(IOMEM), List.of())
                            .close();
                } catch (IOException e) {
                    assertThat(e.getMessage()).isNotNull().hasLineCount(1);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void refusesADamagedInitrd() throws IOException {
        Files.writeString(initrd, "something else");
        assertThatThrownBy(() -> make(IOMEM, false))
                .isInstanceOf(IOException.class)
                .hasMessage("something in it is neither a cpio archive nor compressed");
    }

    private void make(String iomem, boolean atRandom) throws IOException {
        UnpackedImage.of(kernel, initrd, "quiet", atRandom, host(iomem), List.of())
                .close();
    }

    private static Host host(String iomem) {
        return new Host(new byte[4096], iomem);
    }
}
