// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.Kernel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Fetches a kernel. */
@Command(
        name = "fetch",
        description = "Fetches a kernel's packages into the cache and prints where they are unpacked.",
        mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final KernelOption kernel = new KernelOption();

    @Override
    public Integer call() {
        VmHost host = VmHost.here();
        Kernel fetched = host.kernel(kernel.spec());
        spec.commandLine().getOut().printf("%s %s %s%n", fetched.release(), fetched.packageVersion(), fetched.root());
        return 0;
    }
}
