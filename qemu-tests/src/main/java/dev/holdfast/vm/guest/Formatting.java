// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;

/** Formats a region. What was in it is lost. */
public final class Formatting implements GuestTask<PhysicalRange, None> {

    @Override
    public None run(PhysicalRange range, Progress progress) {
        Region.format(range, FormatOptions.defaults().overwriting());
        return None.NONE;
    }
}
