// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "format",
                "format 1G",
                "format 1G$0x100000000 --uuid x",
                "mount 1G$0x100000000 /mnt --page-size 3K",
                "mount 1G$0x100000000 /mnt --pages some",
                "create /mnt vm 4X",
                "create /mnt vm -1",
                "create /mnt vm 9999999999999999999",
                "fsck",
                "fsck 1G$0x100000000 --dump x",
                "preflight"
            })
    void wrong_usage_is_one_line_that_says_where_help_is(String line) {
        Ran ran = Ran.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("holdfastctl").contains(": error: ").endsWith("--help says how\n");
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void a_failure_is_one_line_that_says_what_to_do() {
        Ran ran = Ran.of("stat", directory.resolve("absent").toString());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("holdfastctl stat: error: cannot open region ")
                .contains("; ");
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void a_dump_without_a_region_is_found_to_be_none() throws IOException {
        Path dump = directory.resolve("dump");
        try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
            file.setLength(128 << 20);
        }

        Ran text = Ran.of("fsck", "--dump", dump.toString());
        Ran json = Ran.of("fsck", "--json", "--dump", dump.toString());

        assertThat(text.exitCode()).isEqualTo(Main.FOUND);
        assertThat(text.out()).startsWith("fatal: region at 0x0: ");
        assertThat(json.exitCode()).isEqualTo(Main.FOUND);
        assertThat(json.json().get("schema").getAsString()).isEqualTo("holdfast/fsck/v1");
        assertThat(json.json().get("mountable").getAsBoolean()).isFalse();
        assertThat(json.json()
                        .getAsJsonArray("findings")
                        .get(0)
                        .getAsJsonObject()
                        .get("kind")
                        .getAsString())
                .isEqualTo("NOT_A_REGION");
    }

    @Test
    void a_repair_that_is_none_is_refused_before_anything_is_opened() {
        Ran ran = Ran.of(
                "fsck",
                "--repair=everything",
                "--dump",
                directory.resolve("absent").toString());

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .isEqualTo("holdfastctl fsck: error: 'everything' is no sort of repair; fsck --help lists them\n");
    }

    @Test
    void every_command_has_help_and_the_exit_codes_are_told() {
        Ran help = Ran.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Exit codes:").contains("fsck", "doctor", "layout", "preflight");
        for (String command : new String[] {
            "list", "format", "mount", "create", "rm", "stat", "layout", "fsck", "preflight", "kexec", "doctor", "setup"
        }) {
            Ran ran = Ran.of(command, "--help");
            assertThat(ran.exitCode()).as(command).isZero();
            assertThat(ran.out()).contains("--json");
        }
    }
}
