// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.ModuleBuild;
import java.nio.file.Path;

/** The holdfast module for a kernel: rendered from the repository's templates, then built. */
record HoldfastModule(Workspace workspace, ModuleBuild modules) {

    Path of(Kernel kernel) {
        return modules.build(
                kernel, "holdfast", workspace.root().resolve("build/kmod").resolve(kernel.release()));
    }
}
