// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.OptionalInt;

/**
 * A range of a mounted region.
 *
 * @param range where it is in physical memory
 * @param node NUMA node that it is on, where that is known
 * @param free free bytes of its data area
 * @param largestFree longest run of them, in bytes
 */
public record RegionRange(PhysicalRange range, OptionalInt node, long free, long largestFree) {}
