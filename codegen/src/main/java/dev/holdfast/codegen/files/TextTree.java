// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Text files below a folder.
 *
 * @param files content by path relative to the folder, with {@code /}, in the order of the paths
 */
public record TextTree(SortedMap<String, String> files) {
    public TextTree {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Every file below {@code folder}, at any depth. */
    public static TextTree ofFolder(Path folder) throws IOException {
        return ofFolder(folder, Integer.MAX_VALUE, "");
    }

    /** The files below {@code folder}, at most {@code depth} folders deep, whose names end in {@code suffix}. */
    public static TextTree ofFolder(Path folder, int depth, String suffix) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder, depth)) {
            paths = walk.filter(path -> path.toString().endsWith(suffix) && Files.isRegularFile(path))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : paths) {
            String name = folder.relativize(path)
                    .toString()
                    .replace(path.getFileSystem().getSeparator(), "/");
            files.put(name, read(path));
        }
        return new TextTree(files);
    }

    private static String read(Path path) throws IOException {
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new CodegenException(path + ": not text in UTF-8", e);
        }
    }

    /** Every file below {@code folder} of the jar (or folder of classes) that this class is in. */
    public static TextTree ofResources(String folder) throws IOException {
        Path home = home();
        return Files.isDirectory(home) ? ofFolder(home.resolve(folder)) : ofJar(home, folder + "/");
    }

    private static TextTree ofJar(Path jarPath, String prefix) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (JarFile jar = new JarFile(jarPath.toFile())) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(prefix))
                    .toList();
            for (JarEntry entry : entries) {
                byte[] content = jar.getInputStream(entry).readAllBytes();
                files.put(entry.getName().substring(prefix.length()), new String(content, StandardCharsets.UTF_8));
            }
        }
        return new TextTree(files);
    }

    /** The jar, or the folder of classes, that this program is in. */
    public static Path home() {
        try {
            return Path.of(TextTree.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes have no place in the file system", e);
        }
    }
}
