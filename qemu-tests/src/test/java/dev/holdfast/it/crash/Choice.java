// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Which points are walked. */
enum Choice {
    /** Every step, and the return. */
    EVERY {
        @Override
        IntStream steps(int last) {
            return IntStream.rangeClosed(1, last + 1);
        }
    },

    /** Where the first copy of a record is half written, and where it has just become whole, also in the second commit. */
    DELICATE {
        @Override
        IntStream steps(int last) {
            return IntStream.of(TORN, WHOLE, COMMIT + WHOLE).filter(steps -> steps <= last);
        }
    };

    /**
     * Steps of a commit, ten for each copy: its checksum is made wrong, its head is stored in four parts, its checksum is made right; and four
     * barriers, of which two stand behind the halves of the rest.
     */
    static final int COMMIT = 20;

    private static final int TORN = 7;
    private static final int WHOLE = 9;

    abstract IntStream steps(int last);

    /** The points that this makes of the number of steps of each operation. */
    List<StopPoint> from(Map<Operation, Integer> lasts) {
        List<StopPoint> points = new ArrayList<>();
        lasts.forEach(
                (operation, last) -> steps(last).forEach(steps -> points.add(new StopPoint(operation, steps, last))));
        return points;
    }
}
