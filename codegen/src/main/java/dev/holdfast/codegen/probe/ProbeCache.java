// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import dev.holdfast.codegen.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was found in kernel trees. An entry lists every file that was looked at or looked for, those that the
 * compiler read too, and holds as long as each of them is as it was: a backport that changes one header is noticed.
 */
public final class ProbeCache {
    private static final String RESTS_ON = "rests on";
    private static final String KERNEL = "kernel";
    private static final String FACT = "fact";

    /** How many words each kind of line has; anything else is no entry. */
    private static final Map<String, Integer> WORDS = Map.of(RESTS_ON, 3, KERNEL, 2, FACT, 6);

    private final Path folder;

    /** The cache in that folder, which need not exist. */
    public ProbeCache(Path folder) {
        this.folder = folder;
    }

    /** As {@link Probe#of(Path, String)}, from memory if nothing has changed. */
    public Kernel probe(Path root, @Nullable String compiler) throws IOException {
        if (!Files.isDirectory(root)) {
            return Probe.of(root, compiler);
        }
        String key = root.toRealPath() + "\n" + compiler + "\n" + Stamp.ofProgram();
        Path entry = folder.resolve(Sha256.of(key.getBytes(StandardCharsets.UTF_8)));
        Kernel known = read(entry);
        if (known != null) {
            return known;
        }
        KernelTree tree = KernelTree.at(root);
        Kernel kernel = Probe.of(tree, compiler);
        write(entry, kernel, tree);
        return kernel;
    }

    /** The kernel of an entry that still holds. */
    private static @Nullable Kernel read(Path entry) throws IOException {
        if (!Files.isReadable(entry)) {
            return null;
        }
        String release = "";
        List<Fact> facts = new ArrayList<>();
        for (String line : Files.readAllLines(entry)) {
            String[] words = line.split("\t", -1);
            if (words.length != WORDS.getOrDefault(words[0], 0)) {
                return null;
            }
            switch (words[0]) {
                case RESTS_ON -> {
                    if (!words[1].equals(Stamp.of(Path.of(words[2])))) {
                        return null;
                    }
                }
                case KERNEL -> release = words[1];
                default -> facts.add(fact(words));
            }
        }
        return facts.isEmpty() ? null : new Kernel(release, facts);
    }

    private static Fact fact(String[] words) {
        return new Fact(
                words[1], words[2], Evidence.valueOf(words[3]), new Place(words[4], Integer.parseInt(words[5])));
    }

    private void write(Path entry, Kernel kernel, KernelTree tree) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path path : tree.lookedAt()) {
            lines.add(String.join("\t", RESTS_ON, Stamp.of(path), path.toString()));
        }
        lines.add(String.join("\t", KERNEL, kernel.release()));
        for (Fact fact : kernel.facts()) {
            Place place = fact.place();
            lines.add(String.join(
                    "\t",
                    FACT,
                    fact.name(),
                    fact.value(),
                    fact.evidence().name(),
                    place.file(),
                    String.valueOf(place.line())));
        }
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "entry", ".tmp");
            Files.write(temporary, lines);
            Files.move(temporary, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // Where nothing can be remembered, the answer is the same and only takes longer the next time.
            return;
        }
    }
}
