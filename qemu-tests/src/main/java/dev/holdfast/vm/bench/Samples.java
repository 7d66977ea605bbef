// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * What several rounds gave for one thing.
 *
 * @param rounds one value for each round, in their order; at least one
 */
record Samples(List<Double> rounds) {

    Samples {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no round was measured");
        }
        rounds = List.copyOf(rounds);
    }

    /** The value that as many are above as below. */
    double median() {
        return quantile(0.5);
    }

    /** The value that a quarter is below. */
    double lower() {
        return quantile(0.25);
    }

    /** The value that a quarter is above. */
    double upper() {
        return quantile(0.75);
    }

    /** How far the middle half of the values is spread, in percent of the median; 0 if that is not above 0. */
    double spreadPercent() {
        return median() <= 0 ? 0 : 100 * (upper() - lower()) / median();
    }

    /**
     * How many times the other's value it is, round by round: what disturbs a round disturbs both. Where a measurement was ended early, by
     * the rounds that both have.
     */
    Samples ratioTo(Samples other) {
        return with(other, (own, others) -> own / others);
    }

    /** The difference to the other's value, round by round. */
    Samples minus(Samples other) {
        return with(other, (own, others) -> own - others);
    }

    /** The sum with the other's value, round by round. */
    Samples plus(Samples other) {
        return with(other, Double::sum);
    }

    /** In another unit. */
    Samples dividedBy(double divisor) {
        return new Samples(rounds.stream().map(value -> value / divisor).toList());
    }

    private Samples with(Samples other, DoubleBinaryOperator operator) {
        return new Samples(IntStream.range(0, Math.min(rounds.size(), other.rounds.size()))
                .mapToObj(round -> operator.applyAsDouble(rounds.get(round), other.rounds.get(round)))
                .toList());
    }

    /** Between two values it is linear. */
    private double quantile(double share) {
        List<Double> sorted = rounds.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }
}
