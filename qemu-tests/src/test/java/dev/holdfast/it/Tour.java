// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

/** A way through kernels on which every jump from one to one, also to itself, is made exactly once. */
final class Tour {

    private Tour() {}

    /**
     * The stops, first and last the same: a de Bruijn cycle of order two, put together of its Lyndon words ({@code i} and
     * {@code ij} with {@code i < j}) in order.
     */
    static <T> List<T> of(List<T> stops) {
        List<T> tour = new ArrayList<>();
        for (int first = 0; first < stops.size(); first++) {
            tour.add(stops.get(first));
            for (int second = first + 1; second < stops.size(); second++) {
                tour.add(stops.get(first));
                tour.add(stops.get(second));
            }
        }
        tour.add(stops.get(0));
        return tour;
    }
}
