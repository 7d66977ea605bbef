// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.Locale;

/** Whether the kernel has struct pages for the memory of a region. It is chosen by the mount and leaves no trace in the region. */
public enum PageModel {
    /** No: the region costs the kernel nothing. What wants struct pages of a mapping fails with {@code EFAULT}. */
    NONE,
    /**
     * Yes, as for the memory of a device, for some 40 KiB for each GiB: {@code O_DIRECT}, {@code vmsplice}, {@code process_vm_readv} and
     * io_uring work on mappings. The kernel needs {@code CONFIG_ZONE_DEVICE}; base and size must be multiples of 128 MiB, better of 1
     * GiB. Memory that is given back while somebody has it pinned is free when the pin is gone.
     */
    DEVICE;

    /** What the mount option calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
