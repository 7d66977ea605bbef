// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootLimitsTest {
    private static final String FOUR = "memmap=1M$1G memmap=1M$2G memmap=1M$3G,1M$4G";

    @TempDir
    private Path root;

    private Path kernel;
    private Path initrd;

    @BeforeEach
    void hostAndKernel() throws IOException {
        kernel = Files.write(root.resolve("vmlinuz"), BootFiles.kernel("6.12"));
        initrd = Files.write(root.resolve("initrd"), new byte[1000]);
        write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        write("proc/meminfo", "MemTotal:        2048 kB\nMemAvailable:      64 kB\nBuffers: 1 kB\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Preflight findings(String commandLine) {
        return new Preflight(new BootLimits(root).findings(new KexecImage(kernel, initrd, commandLine)));
    }

    @Test
    void findsNothingOnAHostWithoutLimits() throws IOException {
        assertThat(findings(FOUR).findings()).isEmpty();
        Files.delete(root.resolve("sys/kernel/security/lockdown"));
        Files.delete(root.resolve("proc/meminfo"));
        assertThat(findings(FOUR).findings()).isEmpty();
    }

    @Test
    void advisesThatTheKernelWillNotBePlacedAtRandom() {
        assertThat(findings(FOUR + " memmap=1M$5G").findings())
                .singleElement()
                .hasToString("advice: with 5 memmap= ranges, more than 4, " + kernel
                        + " does not place itself at random; reserve fewer and larger ranges");
        assertThat(findings(FOUR + " memmap=1M$5G nokaslr").findings()).isEmpty();
    }

    @Test
    void refusesAKernelWithoutSignatureWhereOneIsAskedFor() throws IOException {
        write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        Preflight preflight = findings("quiet");

        assertThat(preflight.findings())
                .singleElement()
                .hasToString("blocking: the running kernel is locked down (integrity) and " + kernel
                        + " has no signature; jump into a kernel that is signed");
        assertThatThrownBy(() -> preflight.require(new KexecImage(kernel, initrd, "quiet")))
                .isInstanceOfSatisfying(
                        PreflightException.class,
                        e -> assertThat(e.errno().name()).isEqualTo("EKEYREJECTED"));

        Files.write(kernel, BootFiles.signed(BootFiles.kernel("6.12")));
        assertThat(findings("quiet").findings()).isEmpty();
    }

    @Test
    void refusesWhatIsLargerThanMemory() throws IOException {
        Files.write(initrd, new byte[64 * 1024 - 0x4000 + 1]);
        Preflight preflight = findings("quiet");

        assertThat(preflight.findings())
                .singleElement()
                .hasToString("blocking: " + kernel + " and its initrd have 65537 bytes, and 65536 bytes of memory are"
                        + " available; make the initrd smaller, or give memory back");
        assertThatThrownBy(() -> preflight.require(new KexecImage(kernel, initrd, "quiet")))
                .isInstanceOfSatisfying(
                        PreflightException.class,
                        e -> assertThat(e.errno().name()).isEqualTo("ENOMEM"));

        Files.write(initrd, new byte[64 * 1024 - 0x4000]);
        assertThat(findings("quiet").findings()).isEmpty();
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        Files.delete(initrd);
        assertThatThrownBy(() -> findings("quiet"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(initrd.toString());
    }
}
