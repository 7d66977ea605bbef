// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Pins the newest kernels. */
@Command(
        name = "update",
        description = "Pins each kernel of kernels.list at the newest version that the mirror carries.",
        mixinStandardHelpOptions = true)
final class UpdateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        VmHost host = VmHost.here();
        Path list = KernelList.source(Workspace.find().root());
        Files.writeString(list, KernelList.rewrite(Files.readString(list), kernel -> {
            KernelSpec newest = host.newest(kernel);
            spec.commandLine()
                    .getOut()
                    .println(kernel + (newest.equals(kernel) ? " is the newest" : " -> " + newest.pin()));
            return newest;
        }));
        return 0;
    }
}
