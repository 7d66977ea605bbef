// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.benchmarks.CallBenchmark;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class JmhResultTest {

    private static final String JSON = """
            [{"benchmark": "dev.holdfast.benchmarks.ArrayBenchmark.copyIn", "primaryMetric": {"score": 3, "rawData": [[2.0, 4.0]]}},
             {"benchmark": "dev.holdfast.benchmarks.GuestMemoryBenchmark.copyIn", "primaryMetric": {"score": 6, "rawData": [[5.0, 7.0]]}}]
            """;

    @Test
    void each_iteration_is_a_sample_and_ours_comes_first() {
        Measurements measured = new Measurements();

        JmhResult.of(JSON).addTo(measured);

        assertThat(measured.subjects("copyIn")).containsExactly("guest-memory", "array");
        assertThat(measured.of("copyIn", "guest-memory").rounds()).containsExactly(5.0, 7.0);
    }

    @Test
    void the_report_tells_of_memory_in_ns_and_of_how_many_times_an_array_it_takes() {
        Measurements measured = new Measurements();
        JmhResult.of(JSON).addTo(measured);

        List<Figure> figures = LiveUpdateEvaluation.of(measured).figures();

        assertThat(figures).hasSize(1);
        assertThat(figures.get(0).unit()).isEqualTo("ns");
        assertThat(figures.get(0).rows().get(1).ratio()).isEqualTo((2.5 + 1.75) / 2);
    }

    /** A method that no report tells of is measured for nothing. */
    @Test
    void the_report_has_a_title_for_each_benchmark() throws ClassNotFoundException {
        for (String type : List.of("CallBenchmark", "GuestMemoryBenchmark", "ArrayBenchmark")) {
            Class<?> benchmark = Class.forName(CallBenchmark.class.getPackageName() + "." + type);
            assertThat(Arrays.stream(benchmark.getMethods())
                            .filter(method -> method.isAnnotationPresent(Benchmark.class))
                            .map(method -> method.getName()))
                    .isNotEmpty()
                    .isSubsetOf(NativeBench.FIGURES.keySet());
        }
    }
}
