// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

/** Counts what is in a region. */
final class Census {
    private int directories;
    private int files;
    private int setAside;
    private int scattered;
    private long extents;
    private long leaves;
    private long bytes;

    /** A file or directory that cannot be reached. */
    void setAside() {
        setAside++;
    }

    /** The memory of a file. */
    void add(long runs, long itsLeaves, long length) {
        extents += runs;
        leaves += itsLeaves;
        bytes += length;
        if (runs > 1) {
            scattered++;
        }
    }

    /** Something that can be reached. */
    void count(Node node) {
        if (node.isDirectory()) {
            directories++;
        } else {
            files++;
        }
    }

    FsckSummary summary(Geometry geometry, Memory memory) {
        long size = geometry.dataSize();
        return new FsckSummary(
                geometry.slots(),
                directories,
                files,
                setAside,
                size,
                bytes,
                memory.taken() - bytes,
                size - memory.taken(),
                memory.largestFree(),
                extents,
                leaves,
                scattered);
    }
}
