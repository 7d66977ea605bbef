// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.abi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails before anything is loaded. Nothing here may load a kernel or jump into one: it is the machine of the developer. */
final class KexecTest {
    @Test
    void measuresTheCommandLineInBytes() {
        String longest = "\u00e4".repeat(1023) + "a";

        assertThat(KexecImage.withoutInitrd(Path.of("vmlinuz"), longest).commandLine())
                .isEqualTo(longest);
        assertThatThrownBy(() -> KexecImage.withoutInitrd(Path.of("vmlinuz"), longest + "b"))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("it has 2048 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\0b", "quiet\n"})
    void refusesACommandLineOfSeveralLines(String commandLine) {
        assertThatThrownBy(() -> KexecImage.withoutInitrd(Path.of("vmlinuz"), commandLine))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining("it contains a line break or NUL")
                .message()
                .hasLineCount(1);
    }

    @Test
    void namesTheKernelThatIsMissing(@TempDir Path directory) {
        Path missing = directory.resolve("vmlinuz");

        assertThatThrownBy(() -> Kexec.load(KexecImage.withoutInitrd(missing, "quiet")))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("cannot load kernel " + missing + ": it does not exist (openat: ENOENT); check the name");
    }

    @Test
    void namesTheInitrdThatIsMissingAndClosesTheKernel(@TempDir Path directory) throws IOException {
        Path kernel = Files.createFile(directory.resolve("vmlinuz"));
        Path missing = directory.resolve("initrd");

        assertThatThrownBy(() -> Kexec.load(new KexecImage(kernel, missing, "quiet")))
                .isInstanceOfSatisfying(NotFoundException.class, e -> {
                    assertThat(e.object()).isEqualTo(missing.toString());
                    assertThat(e.errno()).isEqualTo(Errno.ENOENT);
                });
        assertThat(ThisProcess.openFilesBelow(directory)).isEmpty();
    }
}
