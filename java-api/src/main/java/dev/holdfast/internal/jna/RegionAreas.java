// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.holdfast.abi.ControlConstants;
import dev.holdfast.abi.Ioctls;
import dev.holdfast.abi.LayoutArea;
import dev.holdfast.abi.LayoutArgs;

/** HOLDFAST_IOC_LAYOUT: the areas of a region. */
public final class RegionAreas {
    /** As many as the module tells in one call. */
    private static final int BATCH = 1024;

    private RegionAreas() {}

    /** Takes one area; all but kind and owner in bytes. */
    public interface Visitor {
        /** Called once for each area. */
        void area(int kind, long owner, long fileOffset, long regionOffset, long physical, long length);
    }

    /**
     * Shows all areas of the region on which a file lies.
     *
     * @return whether nothing was committed meanwhile: if so, this is how the region was at one moment
     */
    public static boolean visit(OpenFile file, Visitor visitor) throws ErrnoException {
        try (LayoutArgs args = new LayoutArgs();
                Memory areas = new Memory((long) BATCH * LayoutArea.SIZE)) {
            args.areas(Pointer.nativeValue(areas));
            boolean first = true;
            boolean still = true;
            while (args.cursor() != ControlConstants.LAYOUT_END) {
                long sequence = args.sequence();
                args.count(BATCH);
                file.ioctl("ioctl(HOLDFAST_IOC_LAYOUT)", Ioctls.LAYOUT, args.pointer());
                still &= first || args.sequence() == sequence;
                first = false;
                for (int index = 0; index < args.count(); index++) {
                    show(areas, (long) index * LayoutArea.SIZE, visitor);
                }
            }
            return still;
        }
    }

    private static void show(Memory areas, long at, Visitor visitor) {
        visitor.area(
                areas.getInt(at + LayoutArea.OFFSET_KIND),
                areas.getLong(at + LayoutArea.OFFSET_OWNER),
                areas.getLong(at + LayoutArea.OFFSET_FILE_OFFSET),
                areas.getLong(at + LayoutArea.OFFSET_REGION_OFFSET),
                areas.getLong(at + LayoutArea.OFFSET_PHYSICAL),
                areas.getLong(at + LayoutArea.OFFSET_LENGTH));
    }
}
