// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupCommandTest {
    private static final String RANGE = "1G$0x100000000";

    @TempDir
    private Path directory;

    @Test
    void it_is_shown_and_written_only_when_that_is_said() throws IOException {
        Path file = directory.resolve("grub.d/holdfast.cfg");

        Ran shown = Ran.of("setup", "1G", "--range", RANGE, "--file", file.toString());
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("memmap=1G\\\\\\$0x100000000").contains("nothing was written");
        assertThat(file).doesNotExist();

        Ran.of("setup", "1G", "--range", RANGE, "--file", file.toString(), "--write");
        assertThat(file).content().isEqualTo(SetupCommand.snippet(PhysicalRange.parse(RANGE)));
        assertThat(Ran.of("setup", "2G", "--range", "2G$0x100000000", "--file", file.toString(), "--write")
                        .exitCode())
                .isZero();
        assertThat(file).content().contains("memmap=2G");
    }

    @Test
    void the_line_of_fstab_is_the_one_that_is_tested_with_systemd() throws IOException {
        assertThat(Files.readString(Path.of("../systemd/README.md")))
                .contains("\n" + SetupCommand.fstab(PhysicalRange.parse(RANGE)) + "\n");
        assertThat(Ran.of("setup", "1G", "--range", RANGE).out())
                .contains(SetupCommand.fstab(PhysicalRange.parse(RANGE)));
    }

    @Test
    void a_file_of_somebody_else_is_left_alone() throws IOException {
        Path file = Files.writeString(directory.resolve("holdfast.cfg"), "mine\n");

        Ran ran = Ran.of("setup", "1G", "--range", RANGE, "--file", file.toString(), "--write");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(file).hasContent("mine");
    }

    /** The shell is what update-grub reads the file with; GRUB then takes the backslash. */
    @Test
    void the_shell_leaves_one_backslash_for_grub() throws Exception {
        Path file = Files.writeString(directory.resolve("x"), SetupCommand.snippet(PhysicalRange.parse(RANGE)));

        Process shell = new ProcessBuilder(
                        "sh", "-c", "GRUB_CMDLINE_LINUX=quiet; . " + file + "; printf %s \"$GRUB_CMDLINE_LINUX\"")
                .start();
        String line = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).isZero();
        assertThat(line).isEqualTo("quiet memmap=1G\\$0x100000000");
    }
}
