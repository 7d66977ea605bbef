// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where things are.
 *
 * @param root top of the repository
 * @param cache what was downloaded and built; survives {@code make clean}
 */
public record Workspace(Path root, Path cache) {

    /**
     * Finds the workspace: the root is the system property {@code holdfast.root}, or else the nearest directory upwards that
     * holds {@code kmod-templates}, or else, in a project that only uses the harness, the current directory. The cache is the
     * environment's {@code HOLDFAST_CACHE}, or else {@code .cache} in the repository, or else {@code holdfast} in the user's cache.
     */
    public static Workspace find() {
        return find(
                System.getenv(),
                System.getProperty("holdfast.root", ""),
                Path.of("").toAbsolutePath());
    }

    static Workspace find(Map<String, String> environment, String property, Path here) {
        Optional<Path> repository = property.isEmpty()
                ? search(here)
                : Optional.of(here.resolve(property).normalize());
        String cache = environment.getOrDefault("HOLDFAST_CACHE", "");
        return new Workspace(
                repository.orElse(here),
                cache.isEmpty()
                        ? repository.map(root -> root.resolve(".cache")).orElseGet(() -> userCache(environment))
                        : here.resolve(cache));
    }

    private static Optional<Path> search(Path here) {
        for (Path at = here; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("kmod-templates"))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static Path userCache(Map<String, String> environment) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        return caches.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "holdfast")
                : Path.of(caches, "holdfast");
    }
}
