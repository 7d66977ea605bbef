// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import dev.holdfast.vm.Command;
import java.nio.file.Path;
import java.util.List;

/** A way to run a command with another root. */
interface Way {

    /** Runs it; it sees the tree as its root, and the shared directories where they are outside. */
    Command.Outcome run(Tree tree, Command command, List<Path> shared);
}
