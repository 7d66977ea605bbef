// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.kernel.AptRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The root of a release of the distribution with some packages installed, for a VM to look into or to boot. Made once, then cached. */
public final class DebianRoot {
    private static final String KIND = "debian";
    private static final int KEEP = 6;

    private DebianRoot() {}

    /** Makes it, or takes it from the cache: a directory that is named by the release. */
    public static Path of(Cache cache, String suite, List<String> packages, Report report) {
        ContentHash hash = new ContentHash("debian 2").add(suite).add(String.join(" ", packages));
        Path entry = cache.entry(KIND, hash.name(), directory -> {
            report.say("making a root of " + suite + " with " + String.join(", ", packages));
            install(cache, directory, suite, "essential", packages, Files.createDirectory(directory.resolve(suite)));
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(suite);
    }

    /**
     * Installs packages into an empty directory.
     *
     * @param work where an archive has room meanwhile
     * @param variant which packages there are beside these, as mmdebstrap says it
     */
    public static void install(Cache cache, Path work, String suite, String variant, List<String> packages, Path root)
            throws IOException {
        if (!Command.exists("mmdebstrap")) {
            throw new HarnessException("mmdebstrap not found: apt-get install mmdebstrap");
        }
        Path sources = AptRoot.writeSources(cache.directory().resolve("apt").resolve("root-" + suite), suite);
        Path archive = work.resolve("root.tar");
        Command.of(
                        "mmdebstrap",
                        "--variant=" + variant,
                        "--include=" + String.join(",", packages),
                        suite,
                        archive.toString(),
                        sources.toString())
                .run();
        // Without device nodes and owners any user can unpack it, and enter it in a namespace of theirs.
        Command.of(
                        "tar",
                        "--no-same-owner",
                        "--exclude=./dev/*",
                        "--exclude=./etc/apt/sources.list",
                        "-xf",
                        archive.toString())
                .in(root)
                .run();
        Files.delete(archive);
    }

    /** A drive with some of them, each by the name of its release. */
    public static Path drive(Cache cache, List<Path> roots) {
        ContentHash hash = new ContentHash("debian drive 1");
        roots.forEach(root -> hash.add(root.toString()));
        Path entry = cache.entry(
                KIND + "-drive",
                hash.name(),
                directory -> Squashfs.makeOfDirectories(roots, directory.resolve("debian.squashfs")));
        cache.prune(KIND + "-drive", KEEP);
        return entry.resolve("debian.squashfs");
    }
}
