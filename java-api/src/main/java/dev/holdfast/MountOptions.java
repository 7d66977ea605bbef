// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.Optional;

/**
 * How to mount a region. Start from {@link #defaults()}.
 *
 * @param pageSize the largest page that mappings use; if empty, 2 MiB where the kernel can, else 4 KiB. With 1 GiB, such pages go to
 *     callers with CAP_SYS_ADMIN, and to everybody in files that were set so by one
 */
public record MountOptions(Optional<PageSize> pageSize) {

    /** The largest pages that are good for everybody. */
    public static MountOptions defaults() {
        return new MountOptions(Optional.empty());
    }

    /** These options with another page size. */
    public MountOptions withPageSize(PageSize newPageSize) {
        return new MountOptions(Optional.of(newPageSize));
    }

    /** As mount(2) takes them, behind others. */
    String words() {
        return pageSize.map(size -> ",pagesize=" + size.word()).orElse("");
    }
}
