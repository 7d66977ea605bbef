// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.files;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder of rendered files. It overwrites and removes only what it wrote itself and nobody edited since; it knows by
 * the manifest that it keeps in the folder.
 */
public final class OutputFolder {
    private final Path folder;
    private final boolean force;

    /**
     * The folder at that path, which need not exist yet.
     *
     * @param force whether files may be overwritten and removed that were edited or are not from here
     */
    public OutputFolder(Path folder, boolean force) {
        this.folder = folder;
        this.force = force;
    }

    /**
     * Makes the folder hold {@code content}. Checks everything before it writes anything; leaves files alone that are as
     * they should be. A script, which begins with {@code #!}, becomes executable.
     *
     * @param about what the content was rendered from, for the manifest
     * @return the number of files that were written or removed
     * @throws CodegenException if a file is in the way
     */
    public int write(Content content, Map<String, String> about) throws IOException {
        createFolders(folder);
        SortedMap<String, String> ours =
                Manifest.in(folder).map(Manifest::files).orElse(new TreeMap<>());
        SortedMap<String, byte[]> changed = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : content.files().entrySet()) {
            if (!isAlready(file.getKey(), file.getValue())) {
                checkReplaceable(file.getKey(), ours);
                changed.put(file.getKey(), file.getValue());
            }
        }
        SortedSet<String> stale = stale(content, ours);
        for (Map.Entry<String, byte[]> file : changed.entrySet()) {
            replace(folder.resolve(file.getKey()), file.getValue());
        }
        for (String name : stale) {
            remove(folder.resolve(name));
        }
        byte[] manifest = Manifest.of(content, about).json();
        if (!isAlready(Manifest.FILE, manifest)) {
            replace(folder.resolve(Manifest.FILE), manifest);
        }
        return changed.size() + stale.size();
    }

    /**
     * How the folder differs from what {@link #write} would leave in it; writes nothing.
     *
     * @throws CodegenException if there is no such folder
     */
    public FolderDifference compare(Content content, Map<String, String> about) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CodegenException(folder + ": no such folder; --check wants one that was rendered before");
        }
        SortedMap<String, byte[]> expected = new TreeMap<>(content.files());
        expected.put(Manifest.FILE, Manifest.of(content, about).json());
        return FolderDifference.of(folder, new Content(expected, content.home()));
    }

    private boolean isAlready(String name, byte[] content) throws IOException {
        Path path = folder.resolve(name);
        return isPlainFile(path) && Arrays.equals(Files.readAllBytes(path), content);
    }

    private SortedSet<String> stale(Content content, SortedMap<String, String> ours) throws IOException {
        SortedSet<String> stale = new TreeSet<>(ours.keySet());
        stale.removeAll(content.files().keySet());
        stale.removeIf(name -> !Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
        for (String name : stale) {
            checkReplaceable(name, ours);
        }
        return stale;
    }

    private void checkReplaceable(String name, SortedMap<String, String> ours) throws IOException {
        Path path = folder.resolve(name);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isPlainFile(path)) {
            throw new CodegenException(path + " is in the way and no plain file; move it away");
        }
        if (force) {
            return;
        }
        String hash = ours.get(name);
        if (hash == null) {
            throw new CodegenException(
                    path + " was not written by holdfast-codegen; move it away, or overwrite it with --force");
        }
        if (!hash.equals(Sha256.of(Files.readAllBytes(path)))) {
            throw new CodegenException(path
                    + " was edited after holdfast-codegen wrote it; move it away, or lose the changes with --force");
        }
    }

    private static boolean isPlainFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    private static void replace(Path path, byte[] content) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            createFolders(parent);
        }
        Path temporary = path.resolveSibling(
                "." + path.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.write(temporary, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (isScript(content) && !temporary.toFile().setExecutable(true, false)) {
                throw new CodegenException(path + " cannot be made executable");
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | CodegenException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static boolean isScript(byte[] content) {
        return content.length > 1 && content[0] == '#' && content[1] == '!';
    }

    /** Removes a file, and the folders above it that have nothing else in them. */
    private void remove(Path path) throws IOException {
        Files.delete(path);
        for (Path parent = path.getParent(); parent != null && !parent.equals(folder); parent = parent.getParent()) {
            try {
                Files.delete(parent);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }
}
