// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import dev.holdfast.vm.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Enters a root by chroot, in namespaces that end with the command.
 *
 * @param user whether in a user namespace too, which needs no privilege outside
 */
record Namespace(boolean user) implements Way {

    /**
     * The root is put together on a tmpfs of ours: the tree's own directories stay as they are, and need not be writable. The
     * shared directories follow, then {@code --} and the command.
     */
    private static final String ENTER = """
            new=$1/mnt
            mount -t tmpfs none "$new"
            for name in usr etc var; do
                mkdir "$new/$name"
                mount --rbind "$1/$name" "$new/$name"
            done
            cp -P "$1/bin" "$1/sbin" "$1/lib" "$1/lib64" "$new"
            mkdir -m 1777 "$new/tmp"
            mkdir "$new/proc" "$new/dev"
            mount -t proc proc "$new/proc" # objtool asks it for limits
            mount --rbind /dev "$new/dev"
            shift
            while [ "$1" != -- ]; do
                mkdir -p "$new$1"
                mount --rbind "$1" "$new$1"
                shift
            done
            shift
            exec chroot "$new" /bin/sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
            """;

    @Override
    public Command.Outcome run(Tree tree, Command command, List<Path> shared) {
        return entering(tree, command, shared).attempt(line -> {});
    }

    /** The command that enters the root and runs a command there. */
    Command entering(Tree tree, Command command, List<Path> shared) {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child"));
        if (user) {
            words.addAll(List.of("--user", "--map-root-user"));
        }
        words.addAll(List.of("--", "/bin/sh", "-euc", ENTER, "sh", tree.path().toString()));
        shared.forEach(path -> words.add(path.toString()));
        words.add("--");
        words.addAll(command.words());
        return new Command(words, command.directory(), command.environment());
    }
}
