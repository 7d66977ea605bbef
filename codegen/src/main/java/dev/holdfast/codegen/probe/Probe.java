// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a kernel tree everything that the module's templates want to know. */
public final class Probe {
    private Probe() {}

    /**
     * What the tree declares, asked with the default compiler; see {@link #of(Path, String)}.
     *
     * @param root folder that modules are built against, such as {@code /lib/modules/RELEASE/build}
     */
    public static Kernel of(Path root) throws IOException {
        return of(root, null);
    }

    /**
     * What the tree declares.
     *
     * @param root folder that modules are built against, such as {@code /lib/modules/RELEASE/build}
     * @param compiler command of the compiler to ask what the text of headers cannot say, such as {@code gcc-14}; by
     *     default the one that built the kernel, or gcc
     * @throws dev.holdfast.codegen.CodegenException if it is no kernel tree, or no compiler understands its headers
     * @throws UnsupportedKernelException if it lacks something that the module needs
     */
    public static Kernel of(Path root, @Nullable String compiler) throws IOException {
        return of(KernelTree.at(root), compiler);
    }

    static Kernel of(KernelTree tree, @Nullable String compiler) throws IOException {
        Config config = new Config(tree);
        Exports exports = new Exports(tree);
        Needs.check(config, exports);
        List<Fact> facts = new ArrayList<>();
        facts.addAll(new InodeFacts(tree).all());
        facts.addAll(new FileSystemFacts(tree, exports).all());
        Trials trials = new Trials(new Compiler(tree, config, compiler));
        facts.addAll(new MemoryFacts(tree, exports, trials).all());
        facts.addAll(new BuildFacts(tree, config, exports).all());
        return new Kernel(tree.release(), facts);
    }
}
