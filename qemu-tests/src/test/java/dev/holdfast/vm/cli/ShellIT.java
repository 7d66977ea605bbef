// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The command that {@code make shell} runs. */
@QemuTest
class ShellIT {

    private static final String PROMPT = "# ";

    @Kernels
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    void a_shell_opens_with_the_module_loaded_and_ends_the_vm(KernelSpec kernel) throws Exception {
        Process shell = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dholdfast.root=" + System.getProperty("holdfast.root"),
                        Main.class.getName(),
                        "shell",
                        "--kernel=" + kernel.version() + " " + kernel.flavour())
                .redirectErrorStream(true)
                .start();
        try {
            readUntil(shell.getInputStream(), PROMPT);
            type(shell, "uname -r; cat /sys/module/holdfast/initstate\n");
            String said = readUntil(shell.getInputStream(), PROMPT);
            type(shell, "poweroff -f\n");

            assertThat(said).containsPattern(kernel.version() + "\\..*-" + kernel.flavour() + "\\r?\nlive\\r?\n");
            shell.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(shell.waitFor()).isZero();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }

    private static void type(Process shell, String text) throws IOException {
        shell.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        shell.getOutputStream().flush();
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf(end) < 0) {
            int c = in.read();
            assertThat(c).as("no '%s' after: %s", end, said).isNotNegative();
            said.append((char) c);
        }
        return said.toString();
    }
}
