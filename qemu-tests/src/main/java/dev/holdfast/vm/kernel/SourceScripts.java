// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.file.PathUtils;

/** What only the sources of a kernel bring along: checkpatch and the rules of coccicheck. Of the rest nothing is kept. */
record SourceScripts(Cache cache, Report report) {

    private static final List<String> WANTED = List.of(
            "scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch", "scripts/coccinelle");

    /** The directory {@code scripts} of a kernel, with the rules that came with its pinned version. */
    Path of(KernelSpec spec) {
        String source = "linux-source-" + spec.version();
        Path entry = cache.entry(
                "scripts",
                source + "_" + spec.pin(),
                directory -> cache.alone(KernelStore.APT, () -> {
                    AptRoot apt = AptRoot.refresh(
                            cache.directory().resolve(KernelStore.APT).resolve(spec.suite()), spec.suite(), report);
                    unpack(apt, KernelPackages.pinned(carried(apt, source), spec, report), directory);
                    return directory;
                }));
        return entry.resolve("scripts");
    }

    private static List<DebianPackage> carried(AptRoot apt, String source) {
        List<DebianPackage> carried = apt.matching("^" + source.replace(".", "\\.") + "$").stream()
                .sorted((one, other) -> DebianPackage.compareVersions(one.version(), other.version()))
                .toList();
        if (carried.isEmpty()) {
            throw new HarnessException(
                    "the mirror carries no " + source + ", which has the rules of checkpatch and coccicheck");
        }
        return carried;
    }

    private static void unpack(AptRoot apt, DebianPackage source, Path directory) throws IOException {
        Path work = directory.resolve("work");
        apt.unpack(List.of(source.exactly()), work);
        Command.of("tar", "--strip-components=1", "-xf", "work/usr/src/" + source.name() + ".tar.xz")
                .and(WANTED.stream().map(file -> source.name() + "/" + file).toList())
                .in(directory)
                .run();
        PathUtils.deleteDirectory(work);
    }
}
