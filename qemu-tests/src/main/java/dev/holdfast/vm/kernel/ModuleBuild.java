// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** Builds out-of-tree modules against the headers of a stock kernel, once for each content of the sources. */
public final class ModuleBuild {

    private static final String KIND = "modules";
    private static final int KEEP = 12;

    private final Cache cache;
    private final Report report;

    /** Builds into the cache. */
    public ModuleBuild(Cache cache, Report report) {
        this.cache = cache;
        this.report = report;
    }

    /**
     * Builds the module {@code name} from a source tree that has a Kbuild file.
     *
     * @return the .ko file
     * @throws HarnessException with what the compiler said, if it doesn't compile
     */
    public Path build(Kernel kernel, String name, Path sources) {
        String compiler = Command.exists("gcc-12") ? "gcc-12" : "gcc";
        ContentHash hash = new ContentHash("module 1")
                .add(kernel.release())
                .add(kernel.packageVersion())
                .add(String.join("\n", Command.of(compiler, "--version").run()));
        for (Path file : filesBelow(sources)) {
            hash.add(sources.relativize(file).toString()).add(file);
        }
        Path entry = cache.entry(KIND, name + "-" + hash.name(), directory -> {
            report.say("building " + name + ".ko for " + kernel.release());
            PathUtils.copyDirectory(sources, directory);
            make(kernel, compiler, directory);
            if (!Files.exists(directory.resolve(name + ".ko"))) {
                throw new HarnessException("the build of " + sources + " made no " + name + ".ko");
            }
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(name + ".ko");
    }

    private static void make(Kernel kernel, String compiler, Path directory) {
        Command.Outcome outcome = Command.of(
                        "make",
                        "-C",
                        kernel.headers().toString(),
                        "M=" + directory,
                        "W=1",
                        "CC=" + compiler,
                        "HOSTCC=" + compiler,
                        "-j" + Runtime.getRuntime().availableProcessors(),
                        "modules")
                .attempt(line -> {});
        if (outcome.exitCode() != 0) {
            throw new HarnessException(CompilerOutput.failure(kernel.release(), directory.toString(), outcome.lines()));
        }
    }

    private static List<Path> filesBelow(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new HarnessException("cannot read the sources in " + directory, e);
        }
    }
}
