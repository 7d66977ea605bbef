// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import picocli.CommandLine.Option;

/** Which kernel. */
final class KernelOption {

    @Option(
            names = "--kernel",
            paramLabel = "KERNEL",
            description = "How its line in kernels.list starts, such as 6.1. Default: the first.")
    private String kernel = "";

    KernelSpec spec(VmHost host) {
        return kernel.isEmpty() ? host.standardKernel() : KernelList.load().find(kernel);
    }
}
