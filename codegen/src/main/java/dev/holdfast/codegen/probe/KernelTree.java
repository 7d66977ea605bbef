// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a kernel build tree. Distributions split it: the folder that modules are built against holds what is
 * configured, and its Makefile includes that of a second folder, which holds the common headers.
 */
final class KernelTree {
    private static final String RELEASE = "include/generated/utsrelease.h";
    private static final Pattern INCLUDED_MAKEFILE = Pattern.compile("(?m)^include\\s+([^\\s$]+)/Makefile\\s*$");

    private static final Pattern UTS_RELEASE = Pattern.compile("(?m)^\\s*#\\s*define\\s+UTS_RELEASE\\s+\"([^\"]+)\"");

    private final Path root;
    private final String release;
    private final List<Path> folders;
    private final Map<String, CSource> parsed = new HashMap<>();
    private final Set<Path> lookedAt = new LinkedHashSet<>();

    private KernelTree(Path root, String release, List<Path> folders) {
        this.root = root;
        this.release = release;
        this.folders = folders;
    }

    static KernelTree at(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new CodegenException(root + ": no such folder; --kernel wants a kernel build tree, such as"
                    + " /lib/modules/RELEASE/build");
        }
        for (String needed : List.of("Makefile", ".config", "Module.symvers", RELEASE)) {
            if (!Files.isRegularFile(root.resolve(needed))) {
                throw new CodegenException(root + " is no configured kernel build tree: it has no " + needed
                        + "; install the kernel's headers and pass their folder");
            }
        }
        List<Path> folders = new ArrayList<>(List.of(root));
        commonFolder(root).ifPresent(folders::add);
        KernelTree tree = new KernelTree(root, release(root), folders);
        tree.look(root.resolve("Makefile"));
        tree.look(root.resolve(RELEASE));
        return tree;
    }

    private static Optional<Path> commonFolder(Path root) throws IOException {
        Matcher include = INCLUDED_MAKEFILE.matcher(read(root.resolve("Makefile")));
        if (!include.find()) {
            return Optional.empty();
        }
        Path named = root.resolve(include.group(1));
        Path sibling = root.toRealPath().resolveSibling(named.getFileName());
        return Stream.of(named, sibling).filter(Files::isDirectory).findFirst().or(() -> {
            throw new CodegenException(root.resolve("Makefile") + " includes " + named
                    + "/Makefile, and there is no such folder, nor " + sibling
                    + "; install the package of the common headers");
        });
    }

    /** The release as {@code uname -r} says it. */
    String release() {
        return release;
    }

    private static String release(Path root) throws IOException {
        Matcher release = UTS_RELEASE.matcher(read(root.resolve(RELEASE)));
        if (!release.find()) {
            throw new CodegenException(
                    root.resolve(RELEASE) + " does not define UTS_RELEASE; install the headers anew");
        }
        return release.group(1);
    }

    boolean has(String path) {
        return find(path).isPresent();
    }

    List<String> lines(String path) throws IOException {
        return read(look(root.resolve(path))).lines().toList();
    }

    /** Everything that was looked at, or looked for in vain. */
    Set<Path> lookedAt() {
        return Collections.unmodifiableSet(lookedAt);
    }

    /** Notes that an answer rests on {@code path}. */
    Path look(Path path) {
        lookedAt.add(path);
        return path;
    }

    /** The headers that exist of those named; {@code /*} at the end of a name stands for all headers of a folder. */
    Headers headers(String... names) throws IOException {
        List<CSource> sources = new ArrayList<>();
        for (String name : names) {
            for (String file : name.endsWith("/*") ? headersIn(name.substring(0, name.length() - 2)) : List.of(name)) {
                Optional<Path> path = find(file);
                if (path.isPresent()) {
                    sources.add(source(file, path.get()));
                }
            }
        }
        if (sources.isEmpty()) {
            throw new UnsupportedKernelException(release, "the header is missing", new Place(names[0], 0));
        }
        return new Headers(release, names[0], sources);
    }

    private CSource source(String file, Path path) throws IOException {
        CSource source = parsed.get(file);
        if (source == null) {
            source = CSource.parse(file, read(path));
            parsed.put(file, source);
        }
        return source;
    }

    private List<String> headersIn(String folder) throws IOException {
        Optional<Path> path = find(folder);
        if (path.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path.get())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".h"))
                    .sorted()
                    .map(name -> folder + "/" + name)
                    .toList();
        }
    }

    /** The file or folder of that name, of the folders that the tree is split into. */
    Optional<Path> find(String path) {
        return folders.stream()
                .map(folder -> look(folder.resolve(path)))
                .filter(Files::exists)
                .findFirst();
    }

    /** Every folder of that name. */
    List<Path> all(String path) {
        return folders.stream()
                .map(folder -> folder.resolve(path))
                .filter(Files::isDirectory)
                .toList();
    }

    /** Kernel files are ASCII but for names in comments, some of which are not UTF-8. */
    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.ISO_8859_1);
    }
}
