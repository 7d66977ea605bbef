// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds the module. */
@Command(
        name = "build",
        description = "Renders and builds the module for a kernel and prints where it is.",
        mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final KernelOption kernel = new KernelOption();

    @Option(names = "--all", description = "Build for every kernel of kernels.list.")
    private boolean all;

    @Override
    public Integer call() {
        VmHost host = VmHost.here();
        List<KernelSpec> kernels = all ? KernelList.load().specs() : List.of(kernel.spec());
        kernels.forEach(wanted -> spec.commandLine().getOut().println(host.module(host.kernel(wanted))));
        return 0;
    }
}
