// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** What a module can do with a region. */
public enum RegionAccess {
    /** It refuses the region, and leaves it untouched. */
    NONE,
    /** It mounts the region for reading only. */
    READ,
    /** It mounts the region for reading and writing. */
    READ_WRITE
}
