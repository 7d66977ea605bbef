// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What has systemd refuse a kexec while a region is mounted, where that is installed: {@code systemd/kexec-guard}. */
final class Guard {
    static final String SCRIPT = "/usr/lib/holdfast/kexec-guard";

    private Guard() {}

    /** The kernel that is loaded keeps the regions. */
    static void open() {
        if (!Files.isExecutable(Path.of(SCRIPT))) {
            return;
        }
        String why;
        try {
            Process script =
                    new ProcessBuilder(SCRIPT, "open").redirectErrorStream(true).start();
            script.getOutputStream().close();
            String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (script.waitFor() == 0) {
                return;
            }
            why = output.strip().replace('\n', ' ');
        } catch (IOException e) {
            why = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why = "interrupted";
        }
        throw new CommandFailure("the kernel is loaded, but systemctl kexec is still refused: " + why + "; '" + SCRIPT
                + " open' allows it");
    }
}
