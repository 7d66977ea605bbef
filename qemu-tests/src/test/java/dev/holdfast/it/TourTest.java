// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TourTest {

    @Test
    void three_kernels_take_nine_jumps() {
        assertThat(jumps(List.of("a", "b", "c")))
                .containsExactlyInAnyOrder("aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void every_jump_is_made_once(int kernels) {
        List<String> names = new ArrayList<>();
        for (char name = 'a'; name < 'a' + kernels; name++) {
            names.add(Character.toString(name));
        }

        assertThat(jumps(names)).hasSize(kernels * kernels).doesNotHaveDuplicates();
    }

    private static List<String> jumps(List<String> names) {
        List<String> tour = Tour.of(names);
        List<String> jumps = new ArrayList<>();
        for (int at = 1; at < tour.size(); at++) {
            jumps.add(tour.get(at - 1) + tour.get(at));
        }
        return jumps;
    }
}
