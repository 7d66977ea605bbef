// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Judges the module. */
@Command(
        name = "check",
        description = "Renders the module for each series of kernels.list and lets the kernel's own tools judge it: "
                + "the compiler with W=1, sparse, checkpatch --strict, coccicheck.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        VmHost host = VmHost.here();
        Map<KernelSpec, TextTree> sources = new LinkedHashMap<>();
        List<String> remarks = new ArrayList<>();
        for (KernelSpec kernel : KernelList.load().series()) {
            TextTree rendered = host.moduleSources(host.kernel(kernel));
            sources.put(kernel, rendered);
            host.judge()
                    .remarks(kernel, host.kernel(kernel), rendered)
                    .forEach(remark -> remarks.add(kernel.id() + ": " + remark));
        }
        remarks.addAll(host.judge().coccicheck(sources));
        PrintWriter out = spec.commandLine().getOut();
        remarks.forEach(out::println);
        out.println(remarks.size() + " remarks on the module for " + sources.size() + " kernels");
        return remarks.isEmpty() ? 0 : 1;
    }
}
