// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFilesTest {
    private static final String FILE = "/mnt/holdfast/guests/one";

    @TempDir
    private Path proc;

    @BeforeEach
    void mounts() throws IOException {
        write("self/mountinfo", """
                        22 1 0:20 / /proc rw,nosuid - proc proc rw
                        38 1 0:43 / /mnt/holdfast rw,relatime shared:5 - holdfast none rw,base=0x100000000
                        39 1 0:44 / /mnt/a\\040-\\040holdfast\\040b rw - tmpfs none rw
                        """);
        write("sys/maps", "not a process");
    }

    private void write(String path, String text) throws IOException {
        Path file = proc.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void process(int pid, String mode, String device, String file) throws IOException {
        write(pid + "/comm", "qemu\n");
        write(
                pid + "/maps",
                "559a3c5f8000-559a3c5fa000 r--p 00000000 fe:01 1234                       /usr/bin/qemu\n"
                        + "7f0000000000-7f0000200000 " + mode + " 00000000 " + device + " 17                         "
                        + file
                        + "\n7ffd8b5f2000-7ffd8b613000 rw-p 00000000 00:00 0                          [stack]\n");
    }

    private MappedFiles files() {
        return new MappedFiles(proc, 100);
    }

    @Test
    void whatWritesToARegionHasToTakePart() throws IOException {
        process(100, "rw-s", "00:2b", FILE);
        assertThat(files().findings()).isEmpty();

        process(200, "rw-s", "00:2b", FILE);
        assertThat(files().findings())
                .singleElement()
                .hasToString("blocking: process 200 (qemu) can write to " + FILE
                        + " and does not take part; stop it first, or accept NOT_QUIESCED if somebody else does");
    }

    @Test
    void privatePagesAreInNoRegion() throws IOException {
        process(100, "rw-p", "00:2b", FILE);
        assertThat(files().findings())
                .singleElement()
                .hasToString("blocking: this process has private pages over " + FILE
                        + ", which are in no region; map it shared, or unmap it");
        process(200, "rw-p", "00:2b", FILE);
        assertThat(files().findings())
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.PRIVATE_MAPPING)
                .hasSize(2);
    }

    @Test
    void readersAndOtherFileSystemsAreNoMatter() throws IOException {
        process(200, "r--s", "00:2b", FILE);
        process(300, "rw-s", "00:2c", "/mnt/a - holdfast b/file");
        process(400, "rw-s", "01:2b", FILE);
        assertThat(files().findings()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsToldInOneLine() throws IOException {
        Files.createDirectories(proc.resolve("200"));
        assertThatThrownBy(() -> files().findings())
                .isInstanceOf(LiveUpdateException.class)
                .hasMessageStartingWith("cannot find out who has regions in its memory: ")
                .hasMessageEndingWith("; run as root");
    }
}
