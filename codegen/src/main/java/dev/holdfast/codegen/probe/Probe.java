// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks a kernel tree everything that the module's templates want to know. */
public final class Probe {
    private Probe() {}

    /**
     * What the tree declares.
     *
     * @param root folder that modules are built against, such as {@code /lib/modules/RELEASE/build}
     * @throws dev.holdfast.codegen.CodegenException if it is no kernel tree
     * @throws UnsupportedKernelException if it lacks something that the module needs
     */
    public static Kernel of(Path root) throws IOException {
        KernelTree tree = KernelTree.at(root);
        Config config = new Config(tree);
        Exports exports = new Exports(tree);
        Needs.check(config, exports);
        List<Fact> facts = new ArrayList<>();
        facts.addAll(new InodeFacts(tree).all());
        facts.addAll(new FileSystemFacts(tree, exports).all());
        facts.addAll(new MemoryFacts(tree, exports).all());
        facts.addAll(new BuildFacts(tree, config, exports).all());
        return new Kernel(tree.release(), facts);
    }
}
