// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

/**
 * A finding together with what repairs it.
 *
 * @param finding what was found
 * @param work does {@link FsckFinding#repair()}; good as long as nothing was written but by others of the same examination
 */
record Mend(FsckFinding finding, Runnable work) {}
