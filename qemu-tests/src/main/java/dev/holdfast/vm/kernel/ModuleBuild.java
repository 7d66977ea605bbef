// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.LineMap;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds out-of-tree modules against the headers of a stock kernel, once for each content of the sources. */
public final class ModuleBuild {

    private static final String KIND = "modules";
    private static final int KEEP = 60;

    private final Cache cache;
    private final Report report;

    /** Builds into the cache. */
    public ModuleBuild(Cache cache, Report report) {
        this.cache = cache;
        this.report = report;
    }

    /**
     * Builds the module {@code name} from sources among which there is a Kbuild file. Warnings are told.
     *
     * @return the .ko file
     * @throws HarnessException with what the compiler said, and of which templates, if it doesn't compile
     */
    public Path build(Kernel kernel, String name, TextTree sources) {
        Toolchain toolchain = Toolchain.of(kernel, cache, report);
        ContentHash hash = new ContentHash("module 4")
                .add(kernel.release())
                .add(kernel.packageVersion())
                .add(toolchain.identity());
        sources.files().forEach((file, content) -> hash.add(file).add(content));
        Path entry = cache.entry(KIND, name + "-" + hash.name(), directory -> {
            report.say("building " + name + ".ko for " + kernel.release());
            write(sources, directory);
            make(kernel, toolchain, directory, LineMap.in(sources));
            if (!Files.exists(directory.resolve(name + ".ko"))) {
                throw new HarnessException("the build made no " + name + ".ko");
            }
        });
        cache.prune(KIND, KEEP);
        return entry.resolve(name + ".ko");
    }

    private void make(Kernel kernel, Toolchain toolchain, Path directory, LineMap templates) {
        Command.Outcome outcome = attempt(kernel, toolchain, directory);
        List<String> lines = outcome.lines().stream()
                .map(line -> templates.explain(directory, line))
                .toList();
        CompilerOutput.warnings(directory.toString(), lines).forEach(report::say);
        if (outcome.exitCode() != 0) {
            throw new HarnessException(CompilerOutput.failure(kernel.release(), directory.toString(), lines));
        }
    }

    /** What the compiler with W=1 and sparse say against the sources in a directory, in which they are built. */
    List<String> remarks(Kernel kernel, Path directory) throws IOException {
        Toolchain toolchain = Toolchain.of(kernel, cache, report);
        Path words = Files.writeString(directory.resolve(".sparse.h"), sparseWords());
        // KBUILD_CHECKSRC is what C=2 sets, and what a kernel takes back from a sparse that it thinks too old.
        Command.Outcome outcome = attempt(
                kernel, toolchain, directory, "C=2", "KBUILD_CHECKSRC=2", "CF=-D__CHECK_ENDIAN__ -include " + words);
        List<String> remarks = CompilerOutput.remarks(directory.toString(), outcome.lines());
        return outcome.exitCode() == 0 || !remarks.isEmpty()
                ? remarks
                : List.of(CompilerOutput.failure(kernel.release(), directory.toString(), outcome.lines()));
    }

    /** What these remarks depend on, beside the kernel and the sources. */
    List<String> judges(Kernel kernel) throws IOException {
        List<String> judges =
                new ArrayList<>(Toolchain.of(kernel, cache, report).versions());
        judges.add(sparseWords());
        return judges;
    }

    private static String sparseWords() throws IOException {
        try (InputStream resource = ModuleBuild.class.getResourceAsStream("sparse.h")) {
            return new String(Objects.requireNonNull(resource, "sparse.h").readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Command.Outcome attempt(Kernel kernel, Toolchain toolchain, Path directory, String... more) {
        Command make = kbuild(kernel, toolchain.compiler(), directory).and(List.of(more));
        return toolchain.attempt(make, kernel.root(), directory);
    }

    /**
     * The command that builds the module in a directory. What it makes does not depend on where things lie, nor on pahole, which
     * may be there or not: a module without BTF loads everywhere.
     */
    public static Command kbuild(Kernel kernel, String compiler, Path directory) {
        Path usrSrc = kernel.headers().resolveSibling("");
        return Command.of(
                        "make",
                        "-C",
                        kernel.headers().toString(),
                        "M=" + directory,
                        "W=1",
                        "KCFLAGS=-ffile-prefix-map=" + directory + "=. -ffile-prefix-map=" + directory
                                + "/= -ffile-prefix-map=" + usrSrc + "=/usr/src",
                        "CONFIG_DEBUG_INFO_BTF_MODULES=",
                        "CC=" + compiler,
                        "HOSTCC=" + compiler,
                        "-j" + Runtime.getRuntime().availableProcessors())
                .in(directory);
    }

    /** Writes the sources of a module into a directory. */
    public static void write(TextTree sources, Path directory) throws IOException {
        for (Map.Entry<String, String> file : sources.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.writeString(path, file.getValue());
        }
    }
}
