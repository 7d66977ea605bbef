// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/**
 * A run of contiguous physical memory that holds a part of a file.
 *
 * @param fileOffset where the run starts in the file, in bytes
 * @param physicalAddress where it starts in physical memory, in bytes
 * @param length its length, in bytes
 */
public record PhysicalExtent(long fileOffset, long physicalAddress, long length) {}
