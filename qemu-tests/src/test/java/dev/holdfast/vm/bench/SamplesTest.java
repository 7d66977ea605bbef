// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void the_median_is_the_middle_value_whatever_the_order() {
        assertThat(of(9, 1, 5).median()).isEqualTo(5);
        assertThat(of(1, 2, 4, 100).median()).isEqualTo(3);
        assertThat(of(7).median()).isEqualTo(7);
    }

    @Test
    void one_wild_round_does_not_move_the_spread() {
        Samples samples = of(10, 11, 12, 13, 1000);

        assertThat(samples.lower()).isEqualTo(11);
        assertThat(samples.upper()).isEqualTo(13);
        assertThat(samples.spreadPercent()).isEqualTo(100 * 2 / 12.0);
        assertThat(of(0, 0, 0).spreadPercent()).isZero();
    }

    @Test
    void a_ratio_compares_each_round_with_its_neighbour() {
        Samples ours = of(10, 100, 20);
        Samples other = of(20, 200, 10);

        assertThat(ours.ratioTo(other).rounds()).containsExactly(0.5, 0.5, 2.0);
        assertThat(ours.ratioTo(other).median()).isEqualTo(0.5);
        assertThat(ours.minus(other).rounds()).containsExactly(-10.0, -100.0, 10.0);
        assertThat(ours.ratioTo(of(1)).rounds()).containsExactly(10.0);
        assertThat(of(1).minus(ours).rounds()).containsExactly(-9.0);
    }

    @Test
    void no_round_is_no_sample() {
        assertThatThrownBy(() -> of()).hasMessage("no round was measured");
    }

    private static Samples of(double... rounds) {
        List<Double> list = Arrays.stream(rounds).boxed().toList();
        return new Samples(list);
    }
}
