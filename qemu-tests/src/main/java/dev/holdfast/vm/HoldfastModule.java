// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.Tool;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.codegen.render.Renderer;
import dev.holdfast.codegen.schema.SchemaParser;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.ModuleBuild;
import java.io.IOException;
import java.nio.file.Path;

/** The holdfast module for a kernel: rendered from the templates of this build, then compiled. */
record HoldfastModule(ModuleBuild modules) {

    Path of(Kernel kernel) {
        return modules.build(kernel, "holdfast", render(kernel, ModuleOptions.defaults()));
    }

    static TextTree render(Kernel kernel, ModuleOptions options) {
        try {
            return new Renderer(Renderer.packedTemplates())
                    .render(SchemaParser.packed(), Probe.of(kernel.headers()), options, Tool.current());
        } catch (CodegenException e) {
            throw new HarnessException("cannot render the module for " + kernel.release() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HarnessException("cannot read the headers of " + kernel.release() + ": " + e, e);
        }
    }
}
