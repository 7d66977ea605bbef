// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.Optional;

/**
 * How to mount a region. Start from {@link #defaults()}.
 *
 * @param pageSize the largest page that mappings use; if empty, 2 MiB where the kernel can, else 4 KiB. With 1 GiB, such pages go to
 *     callers with CAP_SYS_ADMIN, and to everybody in files that were set so by one
 * @param pageModel whether the region's memory has struct pages while it is mounted
 */
public record MountOptions(Optional<PageSize> pageSize, PageModel pageModel) {

    /** The largest pages that are good for everybody, and no struct pages. */
    public static MountOptions defaults() {
        return new MountOptions(Optional.empty(), PageModel.NONE);
    }

    /** These options with another page size. */
    public MountOptions withPageSize(PageSize newPageSize) {
        return new MountOptions(Optional.of(newPageSize), pageModel);
    }

    /**
     * These options with another page model. A region can be mounted with either, now with one and then with the other, before and
     * after a kexec.
     */
    public MountOptions withPageModel(PageModel newPageModel) {
        return new MountOptions(pageSize, newPageModel);
    }

    /** As mount(2) takes them, behind others. */
    String words() {
        return pageSize.map(size -> ",pagesize=" + size.word()).orElse("")
                + (pageModel == PageModel.NONE ? "" : ",pages=" + pageModel.word());
    }
}
