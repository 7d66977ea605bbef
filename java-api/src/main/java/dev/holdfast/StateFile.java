// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import dev.holdfast.internal.jna.Directory;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.OpenFile;
import java.util.Arrays;

/** A small file with serialised state, by its name; it need not exist. Safe to use from several threads. */
public final class StateFile {
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Folder folder;
    private final FileName name;

    StateFile(Folder folder, FileName name) {
        this.folder = folder;
        this.name = name;
    }

    /** The name. */
    public String name() {
        return name.text();
    }

    /** Whether the file exists. */
    public boolean exists() {
        return folder.exists(name);
    }

    /**
     * The content.
     *
     * @throws NotFoundException if there is none of that name
     * @throws HoldfastException with EFBIG if there are more than 2<sup>31</sup> - 9 bytes
     */
    public byte[] read() {
        Attempt attempt = folder.attempt("read state", name);
        return attempt.get(() -> {
            try (OpenFile file = folder.root().openFile(folder.path(name), OpenFile.Access.READ)) {
                long size = file.size();
                if (size > LONGEST_ARRAY) {
                    throw new HoldfastException(new Failure(
                            attempt.action(),
                            attempt.object(),
                            "StateFile.read",
                            Errno.EFBIG,
                            "it has " + size + " bytes, more than an array can hold",
                            "keep what is so large in a guest memory"));
                }
                byte[] bytes = new byte[(int) size];
                int read = file.read(bytes);
                return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
            }
        });
    }

    /**
     * Replaces the content, or creates the file. Whoever reads, and whatever happens meanwhile, finds all of the old content or all
     * of the new.
     *
     * @throws NoSpaceException if the region has no room for the new content beside the old one, which stays
     * @throws TooFragmentedException if the free memory is in too many pieces; the old content stays
     * @throws ReadOnlyException if the region is mounted read-only
     */
    public void replace(byte[] bytes) {
        folder.attempt("replace state", name).run(() -> {
            Directory root = folder.root();
            String unfinished = folder.unfinishedPath();
            try (OpenFile file = root.openFile(unfinished, OpenFile.Access.CREATE)) {
                try {
                    file.resize(bytes.length);
                    file.write(bytes);
                    root.rename(unfinished, folder.path(name));
                } catch (ErrnoException | RuntimeException | Error e) {
                    root.removeAfter(e, unfinished);
                    throw e;
                }
            }
        });
    }

    /**
     * Gives the file another name, at which it takes the place of what is there, in one step. Needs no room.
     *
     * @param other the other name, in the same region
     * @throws NotFoundException if there is none of this name
     * @throws ReadOnlyException if the region is mounted read-only
     * @throws InvalidArgumentException if the other name is not of the form that {@link Region#state} takes
     */
    public void renameTo(String other) {
        FileName target = new FileName(other);
        folder.attempt("rename state", name).run(() -> folder.root().rename(folder.path(name), folder.path(target)));
    }

    /**
     * Removes the file.
     *
     * @throws NotFoundException if there is none of that name
     * @throws ReadOnlyException if the region is mounted read-only
     */
    public void remove() {
        folder.remove(name);
    }
}
