// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.GuestMemory;
import dev.holdfast.PageSize;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;

/** Guest memory for which pages of 4 KiB were chosen, once. */
final class SmallPages {

    private static final String NAME = "small-pages";

    private SmallPages() {}

    /** Makes it. */
    static final class Choose implements GuestTask<None, None> {
        @Override
        public None run(None none, Progress progress) {
            try (Region region = Region.open(Mounting.POINT);
                    GuestMemory made = region.guestMemory(NAME)
                            .withPageSize(PageSize.SIZE_4K)
                            .create(4L << 20)) {
                return None.NONE;
            }
        }
    }

    /** Which pages a mapping of it uses now. */
    static final class Ask implements GuestTask<None, PageSize> {
        @Override
        public PageSize run(None none, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                return region.guestMemory(NAME).pageSize();
            }
        }
    }
}
