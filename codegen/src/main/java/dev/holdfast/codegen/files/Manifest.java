// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was written into a folder, kept in the folder as {@value #FILE}.
 *
 * @param about what it was rendered from, by name
 * @param files SHA-256 in hexadecimal by path relative to the folder
 */
record Manifest(SortedMap<String, String> about, SortedMap<String, String> files) {
    static final String FILE = "holdfast-manifest.json";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** As read: nothing is checked yet. */
    private record Unchecked(
            @Nullable TreeMap<String, @Nullable String> about,
            @Nullable TreeMap<String, @Nullable String> files) {}

    /** The manifest of what is to be in a folder. */
    static Manifest of(Content content, Map<String, String> about) {
        SortedMap<String, String> hashes = new TreeMap<>();
        content.files().forEach((name, bytes) -> hashes.put(name, Sha256.of(bytes)));
        return new Manifest(new TreeMap<>(about), hashes);
    }

    /** The manifest in {@code folder}; empty if there is none. */
    static Optional<Manifest> in(Path folder) throws IOException {
        Path path = folder.resolve(FILE);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(path)));
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new CodegenException(
                    path + " is no manifest of holdfast-codegen; remove it, or write into another folder", e);
        }
    }

    private static Manifest parse(String text) {
        Unchecked read = GSON.fromJson(text, Unchecked.class);
        if (read == null || read.files() == null) {
            throw new IllegalArgumentException("no files");
        }
        SortedMap<String, String> files = new TreeMap<>();
        read.files().forEach((name, hash) -> {
            Path path = Path.of(name);
            if (hash == null || path.isAbsolute() || !path.normalize().equals(path) || path.startsWith("..")) {
                throw new IllegalArgumentException(name);
            }
            files.put(name, hash);
        });
        return new Manifest(new TreeMap<>(), files);
    }

    byte[] json() {
        return (GSON.toJson(this) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
