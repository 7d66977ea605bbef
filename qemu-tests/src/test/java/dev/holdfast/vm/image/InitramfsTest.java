// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

class InitramfsTest {

    @Test
    void holds_what_was_put_in() throws IOException {
        try (CpioArchiveInputStream in = new CpioArchiveInputStream(new ByteArrayInputStream(archive()))) {
            CpioArchiveEntry directory = in.getNextEntry();
            assertThat(directory.getName()).isEqualTo("dev");
            assertThat(directory.isDirectory()).isTrue();

            CpioArchiveEntry console = in.getNextEntry();
            assertThat(console.isCharacterDevice()).isTrue();
            assertThat(console.getRemoteDeviceMaj()).isEqualTo(5);
            assertThat(console.getRemoteDeviceMin()).isEqualTo(1);

            CpioArchiveEntry init = in.getNextEntry();
            assertThat(init.getMode() & 0777).isEqualTo(0755);
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("#!/bin/sh\n");
            assertThat(in.getNextEntry()).isNull();
        }
    }

    @Test
    void the_same_content_makes_the_same_bytes() throws IOException {
        assertThat(archive()).isEqualTo(archive());
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Initramfs archive = new Initramfs(out)) {
            archive.directory("dev");
            archive.console();
            archive.file("init", 0755, "#!/bin/sh\n");
        }
        return out.toByteArray();
    }
}
