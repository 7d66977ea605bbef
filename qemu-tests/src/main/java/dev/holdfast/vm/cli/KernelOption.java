// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.cli;

import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import picocli.CommandLine.Option;

/** Which kernel. */
final class KernelOption {

    @Option(
            names = "--kernel",
            paramLabel = "KERNEL",
            description = "Its name in kernels.list, such as 6.12 or 6.12-rt-amd64. Default: the first.")
    private String kernel = "";

    KernelSpec spec() {
        return kernel.isEmpty()
                ? KernelList.load().standard()
                : KernelList.known().find(kernel);
    }
}
