// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import dev.holdfast.vm.image.DebianRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A root of the distribution with what it takes to build kernels and modules, the same on every host. Made once, then cached. */
public final class BuildRoot {

    private static final String SUITE = "trixie";

    /** The tools of a module build and of its judges, and what a whole kernel needs beyond them. */
    private static final List<String> PACKAGES = List.of(
            "bc",
            "bison",
            "flex",
            "gcc-14",
            "kmod",
            "libc6-dev",
            "libelf-dev",
            "libssl-dev",
            "make",
            "perl",
            "python3",
            "sparse",
            "xz-utils");

    private final Tree tree;
    private final Way way;

    private BuildRoot(Tree tree, Way way) {
        this.tree = tree;
        this.way = way;
    }

    /** What is in it, for the names of what it builds. */
    public static String identity() {
        return new ContentHash("build root 2")
                .add(SUITE)
                .add(String.join(" ", PACKAGES))
                .name();
    }

    /** The root in the cache, made when it is needed and there is none; entered as the environment says. */
    public static BuildRoot of(Cache cache, Report report) {
        return of(cache, System.getenv(), report);
    }

    static BuildRoot of(Cache cache, Map<String, String> environment, Report report) {
        return new BuildRoot(tree(cache, report), Ways.here(environment, report));
    }

    static Tree tree(Cache cache, Report report) {
        String name = SUITE + "-" + identity();
        return new Tree(name, () -> cache.entry("build-root", name, root -> make(cache, root, report)));
    }

    private static void make(Cache cache, Path root, Report report) throws IOException {
        report.say("making a build root of " + SUITE + ", about two minutes");
        DebianRoot.install(cache, root, SUITE, "minbase", PACKAGES, root);
    }

    /** Runs a command inside, which must end well; it sees the {@code shared} directories where they are outside. */
    public List<String> run(Command command, Path... shared) {
        return command.checked(attempt(command, shared));
    }

    /** Runs a command inside, whatever comes of it; it sees the {@code shared} directories where they are outside. */
    public Command.Outcome attempt(Command command, Path... shared) {
        return way.run(tree, command, List.of(shared));
    }
}
