// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How virtme-ng is called and understood; scripts stand for it. */
class VirtmeNgTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Kernel kernel;

    @BeforeEach
    void aKernel() throws IOException {
        kernel = new Kernel("6.1-x", "6.1", directory);
        Files.createDirectories(directory.resolve("boot"));
        Files.createFile(directory.resolve("boot/vmlinuz-6.1-x"));
        Files.createDirectories(directory.resolve("lib/modules/6.1-x/kernel/fs"));
    }

    @Test
    void the_first_line_of_the_code_inside_ends_the_measurement() throws IOException {
        VirtmeNg.Outcome outcome =
                vng("sleep 0.2; for last; do :; done; eval \"$last\"; sleep 2").boot(kernel, false);

        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.millis()).isBetween(200L, 1999L);
        assertThat(outcome).hasToString(outcome.millis() + " ms");
    }

    @Test
    void it_gets_the_same_machine_and_a_file_system_that_the_kernel_has() throws IOException {
        vng("echo \"$*\" >" + directory + "/said").boot(kernel, false);
        assertThat(said())
                .containsOnlyOnce("--run " + kernel.image() + " --memory 2G --cpus 1 --disable-kvm --")
                .doesNotContain("9p");

        Files.createDirectories(kernel.modules().resolve("kernel/fs/9p"));
        vng("echo \"$*\" >" + directory + "/said").boot(kernel, true);
        assertThat(said()).contains(" --force-9p --").doesNotContain("--disable-kvm");
    }

    @Test
    void what_it_says_last_is_why_it_does_not_boot() throws IOException {
        VirtmeNg.Outcome outcome =
                vng("echo booting; echo no virtiofsd >&2; exit 1").boot(kernel, false);

        assertThat(outcome.millis()).isZero();
        assertThat(outcome).hasToString("does not boot it: no virtiofsd");
    }

    @Test
    void a_boot_without_end_is_given_up() throws IOException {
        VirtmeNg vng = new VirtmeNg(vng("exec sleep 60").command(), 1);

        assertThat(vng.boot(kernel, false)).hasToString("does not boot it: exit code 124, and it says nothing");
    }

    @Test
    void that_it_is_missing_is_said() {
        assertThat(new VirtmeNg(directory.resolve("nothing").toString(), 1).boot(kernel, false))
                .hasToString("not installed: Debian 13 has it as virtme-ng");
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("said"));
    }

    private VirtmeNg vng(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("vng"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new VirtmeNg(file.toString(), 20);
    }
}
