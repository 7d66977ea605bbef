// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    private static final MemoryLayout LAYOUT = new MemoryLayout(2 * MemoryLayout.GIB, MemoryLayout.GIB);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void an_address_has_its_place_in_the_memory_file() {
        assertThat(LAYOUT.fileOffset(0x1000, 1)).isEqualTo(0x1000);
        assertThat(LAYOUT.fileOffset(0x1_0000_0000L, 1)).isEqualTo(2 * MemoryLayout.GIB);
        assertThat(LAYOUT.fileOffset(0x1_3fff_f000L, 4096)).isEqualTo(3 * MemoryLayout.GIB - 4096);
    }

    @Test
    void an_address_without_memory_is_refused() {
        assertThatThrownBy(() -> LAYOUT.fileOffset(0x8000_0000L, 1)).hasMessageContaining("0x80000000");
        assertThatThrownBy(() -> LAYOUT.fileOffset(0x7fff_ffffL, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LAYOUT.fileOffset(0x1_4000_0000L, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LAYOUT.fileOffset(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_command_can_be_pasted_into_a_shell() {
        QemuCommand command = new QemuCommand(
                "qemu-system-x86_64",
                new Accelerator(Accelerator.Kind.TCG, "test"),
                LAYOUT,
                1,
                Path.of("/boot/vmlinuz"),
                Path.of("/boot/initrd"),
                "console=ttyS0 memmap=1G$0x100000000",
                List.of(Path.of("/images/a,b.squashfs")),
                List.of("-device", "virtio-rng-pci,max-bytes=64"));

        assertThat(command.script())
                .startsWith("#!/bin/sh\n")
                .contains("-append 'console=ttyS0 memmap=1G$0x100000000'")
                .contains("file=/images/a,,b.squashfs")
                .contains("-device virtio-rng-pci,max-bytes=64")
                .contains("-accel tcg,thread=single")
                .contains("-m 3072M");
    }

    @Test
    void snapshots_tell_which_pages_differ() throws IOException {
        PhysicalRange range = new PhysicalRange(0x1_0000_0000L, 3 << 20);
        PhysicalSnapshot before = snapshot("before", range, -1);

        assertThat(before.differences(snapshot("same", range, -1))).isEmpty();
        assertThat(before.differences(snapshot("after", range, (2 << 20) + 4097)))
                .containsExactly(0x1_0020_1000L);
        assertThat(before.pages()).isEqualTo(768);
    }

    private PhysicalSnapshot snapshot(String name, PhysicalRange range, int changed) throws IOException {
        byte[] content = new byte[(int) range.size()];
        if (changed >= 0) {
            content[changed] = 1;
        }
        Path files = Files.createDirectory(directory.resolve(name));
        Files.write(files.resolve("0"), content);
        return new PhysicalSnapshot(List.of(range), files);
    }
}
