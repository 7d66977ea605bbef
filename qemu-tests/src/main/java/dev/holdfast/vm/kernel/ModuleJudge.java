// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the tools of a kernel's own developers say against a module, each with the rules of that kernel. The same sources are
 * judged once by the same tools with the same rules.
 */
public final class ModuleJudge {

    private static final String KIND = "judged";
    private static final String REMARKS = "remarks";
    private static final int KEEP = 30;

    private final Cache cache;
    private final ModuleBuild build;
    private final Report report;

    /** Works in the cache. */
    public ModuleJudge(Cache cache, Report report) {
        this.cache = cache;
        this.build = new ModuleBuild(cache, report);
        this.report = report;
    }

    /** Why it cannot judge here; empty if it can. */
    public static String missing() {
        return Stream.of("sparse", "spatch", "perl")
                .filter(tool -> !Command.exists(tool))
                .map(tool -> tool + " not found: apt-get install " + (tool.equals("spatch") ? "coccinelle" : tool))
                .findFirst()
                .orElse("");
    }

    /**
     * What the compiler with W=1, sparse and checkpatch --strict say against sources for a kernel, a line each.
     *
     * @throws HarnessException if a tool is missing or fails
     */
    public List<String> remarks(KernelSpec spec, Kernel kernel, TextTree sources) {
        require();
        Path scripts = scripts(spec);
        ContentHash hash = new ContentHash("judged 5").add(kernel.release()).add(kernel.packageVersion());
        read(() -> build.judges(kernel)).forEach(hash::add);
        add(hash, read(() -> TextTree.ofFolder(scripts, 1, "")));
        add(hash, sources);
        return judged(hash, directory -> {
            report.say("judging a module for " + kernel.release() + ": W=1, sparse, checkpatch");
            ModuleBuild.write(sources, directory);
            List<String> remarks = new ArrayList<>(checkpatch(scripts, directory));
            remarks.addAll(build.remarks(kernel, directory));
            return remarks;
        });
    }

    /**
     * What coccicheck says against sources, each those for one kernel; a line each, which starts with the kernel's id.
     *
     * @throws HarnessException if a tool is missing or fails
     */
    public List<String> coccicheck(Map<KernelSpec, TextTree> sources) {
        require();
        ContentHash hash = new ContentHash("coccicheck 2").add(CocciCheck.version());
        Map<String, Path> rules = new TreeMap<>();
        Map<String, TextTree> trees = new TreeMap<>();
        sources.forEach((spec, tree) -> {
            rules.put(spec.id(), scripts(spec).resolve("coccinelle"));
            trees.put(spec.id(), tree);
        });
        rules.forEach((id, directory) -> add(hash.add(id), read(() -> TextTree.ofFolder(directory))));
        trees.forEach((id, tree) -> add(hash.add(id), tree));
        return judged(hash, directory -> {
            report.say("judging a module for " + trees.size() + " kernels: coccicheck");
            for (Map.Entry<String, TextTree> tree : trees.entrySet()) {
                ModuleBuild.write(tree.getValue(), directory.resolve(tree.getKey()));
            }
            return new CocciCheck(rules).remarks(directory);
        });
    }

    /** Finds what is wrong with what it puts into a directory. */
    @FunctionalInterface
    private interface Judgement {
        List<String> in(Path directory) throws IOException;
    }

    private List<String> judged(ContentHash hash, Judgement judgement) {
        Path entry = cache.entry(
                KIND, hash.name(), directory -> Files.write(directory.resolve(REMARKS), judgement.in(directory)));
        cache.prune(KIND, KEEP);
        return read(() -> Files.readAllLines(entry.resolve(REMARKS)));
    }

    private static void require() {
        if (!missing().isEmpty()) {
            throw new HarnessException(missing());
        }
    }

    private static void add(ContentHash hash, TextTree tree) {
        tree.files().forEach((file, content) -> hash.add(file).add(content));
    }

    /** Reads something that should be there. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new HarnessException("cannot read what the module is judged by: " + e, e);
        }
    }

    private Path scripts(KernelSpec spec) {
        return new SourceScripts(cache, report).of(spec);
    }

    private static List<String> checkpatch(Path scripts, Path directory) throws IOException {
        return Command.of(
                        "perl",
                        scripts.resolve("checkpatch.pl").toString(),
                        "--no-tree",
                        "--strict",
                        "--terse",
                        "--file")
                .and(sources(directory))
                .in(directory)
                .attempt(line -> {})
                .lines()
                .stream()
                .filter(line -> !line.startsWith("total: "))
                .map(line -> "checkpatch: " + line)
                .toList();
    }

    private static List<String> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString())
                    .filter(file -> file.endsWith(".c") || file.endsWith(".h"))
                    .sorted()
                    .toList();
        }
    }
}
