// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Region;

/** Draws the mounted region, as SVG. */
public final class Drawing implements GuestTask<None, String> {
    @Override
    public String run(None none, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            return region.layout().toSvg();
        }
    }
}
