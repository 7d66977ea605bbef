// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.VmHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A shell in a VM. */
@Command(
        name = "shell",
        description = {
            "Starts a VM with a kernel and the module, and a shell in it, on this terminal.",
            "Its region is on its command line; try: mount -t holdfast -o base=ADDRESS none /mnt",
            "Leave with poweroff -f, or with Ctrl-A X."
        },
        mixinStandardHelpOptions = true)
final class ShellCommand implements Callable<Integer> {

    @Mixin
    private final KernelOption kernel = new KernelOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        VmHost host = VmHost.here();
        if (!host.missing().isEmpty()) {
            throw new HarnessException(host.missing());
        }
        Path directory = Files.createTempDirectory("holdfast-shell-");
        try {
            Path script = directory.resolve("vm");
            Files.writeString(
                    script,
                    host.vm("shell", directory)
                            .kernel(kernel.spec())
                            .commandLine("holdfast.shell")
                            .script());
            return new ProcessBuilder("/bin/sh", script.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        } finally {
            PathUtils.deleteDirectory(directory);
        }
    }
}
