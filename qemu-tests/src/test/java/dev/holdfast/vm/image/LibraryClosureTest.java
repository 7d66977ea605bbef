// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LibraryClosureTest {

    private static final Path PROGRAM = Path.of("/sbin/kexec");

    @Test
    void reads_what_ldd_prints() {
        assertThat(LibraryClosure.parse("\tlinux-vdso.so.1 (0x00007ffd2e5f2000)", PROGRAM))
                .isEmpty();
        assertThat(LibraryClosure.parse("\tstatically linked", PROGRAM)).isEmpty();
        assertThat(LibraryClosure.parse("\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f1d5c9f1000)", PROGRAM))
                .contains(Path.of("/lib/x86_64-linux-gnu/libz.so.1"));
        assertThat(LibraryClosure.parse("\t/lib64/ld-linux-x86-64.so.2 (0x00007f1d5ca3b000)", PROGRAM))
                .contains(Path.of("/lib64/ld-linux-x86-64.so.2"));
    }

    @Test
    void a_missing_library_is_named() {
        assertThatThrownBy(() -> LibraryClosure.parse("\tlibxenctrl.so.4.17 => not found", PROGRAM))
                .hasMessage("/sbin/kexec needs libxenctrl.so.4.17, which the host does not have");
    }
}
