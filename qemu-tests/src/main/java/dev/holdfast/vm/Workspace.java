// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where things are.
 *
 * @param root top of the repository
 * @param cache what was downloaded and built; survives {@code make clean}
 */
public record Workspace(Path root, Path cache) {

    /**
     * Finds the workspace: the root is the system property {@code holdfast.root}, or else the nearest directory upwards that
     * holds {@code kmod-templates}; the cache is the environment's {@code HOLDFAST_CACHE}, or else {@code .cache} in the root.
     */
    public static Workspace find() {
        return find(System.getenv());
    }

    static Workspace find(Map<String, String> environment) {
        String property = System.getProperty("holdfast.root", "");
        Path root = property.isEmpty()
                ? search(Path.of("").toAbsolutePath())
                : Path.of(property).toAbsolutePath();
        String cache = environment.getOrDefault("HOLDFAST_CACHE", "");
        return new Workspace(
                root, cache.isEmpty() ? root.resolve(".cache") : Path.of(cache).toAbsolutePath());
    }

    private static Path search(Path from) {
        for (Path at = from; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("kmod-templates"))) {
                return at;
            }
        }
        throw new HarnessException("no repository at or above " + Objects.requireNonNull(from)
                + ": start there, or pass -Dholdfast.root=DIR");
    }
}
