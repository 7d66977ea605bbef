// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import java.io.Serializable;

/**
 * What is in a region, as a mount would find it.
 *
 * @param recordSlots slots of the record table
 * @param directories directories, with the root
 * @param files files
 * @param recordsDamaged files and directories that a mount sets aside
 * @param dataSize size of the data area, in bytes
 * @param dataUsed what files have of it, with their leaves, in bytes
 * @param dataWithheld what is kept from others because something that cannot be used claims it, or because it is retired, in
 *     bytes
 * @param dataFree what is left, in bytes
 * @param largestFree longest run of what is left, in bytes
 * @param extents runs that files have
 * @param leaves leaves that list runs
 * @param scatteredFiles files with more than one run
 */
public record FsckSummary(
        int recordSlots,
        int directories,
        int files,
        int recordsDamaged,
        long dataSize,
        long dataUsed,
        long dataWithheld,
        long dataFree,
        long largestFree,
        long extents,
        long leaves,
        int scatteredFiles)
        implements Serializable {
    /** Records in use: files and directories that can be reached. */
    public int recordsUsed() {
        return directories + files;
    }

    /** Record slots that can be given to new files. */
    public int recordsFree() {
        return recordSlots - recordsUsed() - recordsDamaged;
    }

    /** How much of what is free is not in its longest run: 0 for all in one run, towards 1 for crumbs. */
    public double fragmentation() {
        return dataFree == 0 ? 0 : 1 - (double) largestFree / dataFree;
    }
}
