// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import dev.holdfast.internal.boot.BootFiles.Packing;
import dev.holdfast.internal.unpacked.Vmlinux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnpackingTest {
    private static final String PARAMETERS = "sys/kernel/boot_params/data";

    @TempDir
    private Path root;

    private Path kernel;
    private Path initrd;

    @BeforeEach
    void hostAndKernel() throws IOException {
        byte[] elf = new Vmlinux().with(0, new byte[16]).bytes();
        kernel = Files.write(root.resolve("vmlinuz"), BootFiles.kernelWith(Packing.GZIP, elf, 1 << 20));
        initrd = Files.write(root.resolve("initrd"), Packing.XZ.pack(BootFiles.cpio(Map.of("init", new byte[] {1, 2, 3
        }))));
        write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        write("proc/iomem", "00000000-02ffffff : System RAM\n");
        write("proc/cpuinfo", "flags : fpu lm\n");
        write(PARAMETERS, new byte[4096]);
    }

    @Test
    void seesNoObstacle() throws IOException {
        assertThat(obstacle()).isEmpty();
        Files.delete(root.resolve("sys/kernel/security/lockdown"));
        assertThat(obstacle()).isEmpty();
    }

    @Test
    void seesThatTheHostIsLockedDown() throws IOException {
        write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        assertThat(obstacle()).isEqualTo("the running kernel is locked down (integrity)");
    }

    @Test
    void seesThatTheRunningKernelDoesNotTellItsParameters() throws IOException {
        Files.delete(root.resolve(PARAMETERS));
        assertThat(obstacle()).isEqualTo("the running kernel does not tell its boot parameters");

        write(PARAMETERS, new byte[100]);
        assertThat(obstacle()).endsWith("the running kernel's boot parameters have 100 bytes");
    }

    @Test
    void seesThatTheFirmwareIsEfi() throws IOException {
        byte[] parameters = new byte[4096];
        parameters[0x1c0] = 'E';
        write(PARAMETERS, parameters);
        assertThat(obstacle()).startsWith("the firmware is EFI");
    }

    @Test
    void seesABadKernelAsAnObstacle() throws IOException {
        byte[] good = Files.readAllBytes(kernel);
        String noKernel = "it is no bzImage of a relocatable 64-bit kernel";

        for (int length : new int[] {0, 1, 0x202, 0x263, 0x264}) {
            Files.write(kernel, Arrays.copyOf(good, length));
            assertThat(obstacle()).endsWith(noKernel);
        }
        Files.write(kernel, BootFiles.kernel("6.12"));
        assertThat(obstacle()).endsWith(noKernel);
        Files.write(kernel, Arrays.copyOf(good, 0x1000));
        assertThat(obstacle()).isEqualTo("it is cut off");
    }

    @Test
    void seesThatAKernelIsCompressedInAnotherWay() throws IOException {
        Files.write(kernel, BootFiles.kernelAround(new byte[] {(byte) 0x89, 'L', 'Z', 'O', 0, 0, 0, 1}, 1 << 20));
        assertThat(obstacle()).isEqualTo("it is compressed with lzo, which is not read here");
    }

    @Test
    void namesTheKernelThatIsMissing() throws IOException {
        Files.delete(kernel);
        assertThatThrownBy(this::obstacle)
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(kernel.toString());
    }

    @Test
    void putsAnImageTogether() {
        assertThatCode(() -> unpack("quiet nokaslr")).doesNotThrowAnyException();
    }

    @Test
    void keepsOutOfWhatTheCommandLineReserves() {
        assertThatThrownBy(() -> unpack("nokaslr memmap=31M$16M,1M$47M"))
                .isInstanceOf(InvalidKernelException.class)
                .hasMessageContaining(kernel.toString())
                .hasMessageContaining("bytes of memory lie together for the next kernel")
                .hasMessageContaining("load it as it is, with Kexec.load")
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiet mem=1G", "memmap=1G!4G", "memmap=1M$1M,exactmap"})
    void seesThatTheCommandLineSaysMoreOfMemory(String line) {
        assertThat(obstacle(line)).isEqualTo("its command line changes the map of memory");
    }

    @Test
    void seesThatTheNextKernelWouldNotTakeThePageTables() throws IOException {
        write("proc/cpuinfo", "flags : fpu la57 lm\n");
        assertThat(obstacle("quiet no5lvl")).endsWith("its command line says no5lvl");
        byte[] bytes = Files.readAllBytes(kernel);
        bytes[0x236] &= ~0x40;
        Files.write(kernel, bytes);
        assertThat(obstacle("quiet")).endsWith("page tables of five levels, which it does not know");
    }

    @Test
    void seesThatTheMapOfMemoryGoesOn() throws IOException {
        write("sys/kernel/boot_params/setup_data/0/type", "0x9\n");
        assertThat(obstacle()).isEmpty();
        write("sys/kernel/boot_params/setup_data/1/type", "0x1\n");
        assertThat(obstacle()).endsWith("more than 128 ranges");
    }

    @Test
    void saysThatMemoryIsNotTold() throws IOException {
        write("proc/iomem", "00000000-00000000 : System RAM\n");
        assertThatThrownBy(() -> unpack("quiet"))
                .isInstanceOf(InvalidKernelException.class)
                .hasMessageContaining("/proc/iomem does not say where memory is; run as root");
    }

    @Test
    void adviceDoesNotBlock() throws IOException {
        Files.write(kernel, new byte[10]);
        Preflight preflight = Preflight.ofUnpacking(new KexecImage(kernel, initrd, "quiet"));

        assertThat(preflight.passes()).isTrue();
        assertThat(preflight.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.NOT_UNPACKED);
            assertThat(finding.what()).startsWith(kernel + " cannot be unpacked before the jump: ");
        });
    }

    private String obstacle() {
        return obstacle("quiet");
    }

    private String obstacle(String line) {
        return new Unpacking(root)
                .obstacle(new KexecImage(kernel, initrd, line))
                .orElse("");
    }

    private void unpack(String commandLine) {
        new Unpacking(root).unpack(new KexecImage(kernel, initrd, commandLine)).close();
    }

    private void write(String path, String text) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
