// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.internal.jna.Directory;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One of the two directories of a region, with files of one kind.
 *
 * @param region the open root of the region
 * @param mountPoint its path, for people
 * @param name name of the directory
 */
record Folder(Supplier<Directory> region, Path mountPoint, String name) {
    private static final String UNFINISHED = ".unfinished-";

    Directory root() {
        return region.get();
    }

    /** Where a file is, from the root of the region. */
    String path(FileName file) {
        return name + "/" + file.text();
    }

    /**
     * Where to write what is to be renamed to its name when it is complete. It is like no other, but no secret: the start of a source
     * of secrets, which {@link UUID#randomUUID} takes, costs a process that has just begun more than the file does.
     */
    String unfinishedPath() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return name + "/" + UNFINISHED + new UUID(random.nextLong(), random.nextLong());
    }

    /** Without a Path of the file: in the POSIX locale there is none for every name. */
    Attempt attempt(String action, FileName file) {
        return attempt(action, display() + "/" + file.text());
    }

    Attempt attempt(String action, FileName file, ErrorTable errors) {
        return new Attempt(action, display() + "/" + file.text(), errors);
    }

    Attempt attempt(String action, String object) {
        return new Attempt(action, object, ErrorTable.FILE);
    }

    boolean exists(FileName file) {
        return attempt("look for", file).get(() -> root().exists(path(file)));
    }

    void remove(FileName file) {
        attempt("remove", file).run(() -> root().remove(path(file)));
    }

    /** The names of the files, sorted, without what is unfinished. */
    List<String> list() {
        return allNames().stream().filter(FileName::isValid).sorted().toList();
    }

    /** Makes the directory if it is missing. */
    void ensure() {
        attempt("make directory", display()).run(() -> root().ensureDirectory(name));
    }

    /** Removes what writers left that did not live to complete it. There must be no writer now. */
    void removeUnfinished() {
        Attempt attempt = attempt("clean up", display());
        for (String file : allNames()) {
            if (file.startsWith(UNFINISHED)) {
                attempt.run(() -> root().remove(name + "/" + file));
            }
        }
    }

    private List<String> allNames() {
        return attempt("list", display()).get(() -> root().exists(name) ? root().list(name) : List.of());
    }

    private String display() {
        return mountPoint.resolve(name).toString();
    }
}
