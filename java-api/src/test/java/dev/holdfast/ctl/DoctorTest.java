// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ctl.Check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    @TempDir
    private Path root;

    /** A host on which nothing is wrong. */
    @BeforeEach
    void ready() throws IOException {
        write("proc/cmdline", "BOOT_IMAGE=/vmlinuz quiet memmap=1G$0x100000000");
        write("proc/filesystems", "nodev\tsysfs\nnodev\tholdfast\n");
        write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu pdpe1gb lm");
        write("proc/sys/kernel/kexec_load_disabled", "0\n");
        write("sys/kernel/kexec_loaded", "0\n");
        write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        write("dev/kvm", "");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Check check(String subject) {
        return new Doctor(root)
                .examine().stream()
                        .filter(check -> check.subject().equals(subject))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void a_host_that_is_ready_has_nothing_to_mend() {
        assertThat(new Doctor(root).examine())
                .allSatisfy(check -> assertThat(check.verdict()).isEqualTo(Verdict.OK));
        assertThat(check("reservation").what()).isEqualTo("memmap=1G$0x100000000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reservation|proc/cmdline|quiet|FAIL",
                "kaslr|proc/cmdline|memmap=1G$4G memmap=1G$5G memmap=1G$6G memmap=1G$7G memmap=1G$8G|WARN",
                "kaslr|proc/cmdline|memmap=1G$4G,1G$5G,1G$6G,1G$7G|OK",
                "module|proc/filesystems|nodev sysfs|FAIL",
                "kexec|proc/sys/kernel/kexec_load_disabled|1|FAIL",
                "lockdown|sys/kernel/security/lockdown|none [integrity] confidentiality|WARN",
                "pages|proc/cpuinfo|flags : fpu lm|WARN",
            })
    void what_is_wrong_is_found(String subject, String path, String text, Verdict verdict) throws IOException {
        write(path, text);

        assertThat(check(subject).verdict()).isEqualTo(verdict);
    }

    @Test
    void a_kernel_without_kexec_is_found() throws IOException {
        Files.delete(root.resolve("sys/kernel/kexec_loaded"));

        assertThat(check("kexec").verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void secure_boot_is_what_the_firmware_says() throws IOException {
        Path variable = root.resolve("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
        Files.createDirectories(variable.getParent());

        Files.write(variable, new byte[] {6, 0, 0, 0, 1});
        assertThat(check("secure boot").verdict()).isEqualTo(Verdict.WARN);

        Files.write(variable, new byte[] {6, 0, 0, 0, 0});
        assertThat(check("secure boot").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void looksForTheGuardWhereSystemdRuns() throws IOException {
        assertThat(check("guard").verdict()).isEqualTo(Verdict.OK);

        Files.createDirectories(root.resolve("run/systemd/system"));
        assertThat(check("guard").verdict()).isEqualTo(Verdict.WARN);

        Files.createDirectories(root.resolve("usr/lib/holdfast"));
        Files.createFile(root.resolve("usr/lib/holdfast/kexec-guard"));
        assertThat(check("guard").verdict()).isEqualTo(Verdict.OK);
    }
}
