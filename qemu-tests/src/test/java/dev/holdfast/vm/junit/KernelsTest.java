// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Which kernels a test runs on, and what its runs are called. No VM is needed to tell. */
class KernelsTest {

    private static final KernelList LIST = new KernelList(Stream.of(
                    "6.1 cloud-amd64 from bookworm",
                    "6.12 cloud-amd64 from trixie",
                    "6.12 rt-amd64 from trixie",
                    "7.3 cloud-amd64 from trixie-backports",
                    "7.3 debug from trixie-backports")
            .map(KernelSpec::parse)
            .toList());
    private static final List<KernelSpec> REAL = KernelList.load().series();

    @Kernels
    static class OnAll {
        @Test
        void works(KernelSpec kernel) {
            assertThat(REAL).contains(kernel);
        }
    }

    @Kernels({"6.12-rt", "7.3"})
    static class OnSome {}

    @Kernels(everyFlavour = true)
    static class OnEvery {}

    static class OnMethods {
        @Kernels
        void works(KernelSpec kernel) {
            assertThat(REAL).contains(kernel);
        }

        @Kernels("2.4")
        void never_runs() {
            throw new AssertionError("ran");
        }
    }

    @Test
    void no_name_means_all_series() {
        assertThat(chosen(OnAll.class)).containsExactly("6.1 cloud-amd64", "6.12 cloud-amd64", "7.3 cloud-amd64");
        assertThat(chosen(OnSome.class)).containsExactly("6.12 rt-amd64", "7.3 cloud-amd64");
    }

    @Test
    void every_flavour_means_all_lines_of_the_list() {
        assertThat(chosen(OnEvery.class))
                .containsExactly("6.1 cloud-amd64", "6.12 cloud-amd64", "6.12 rt-amd64", "7.3 cloud-amd64");
        assertThat(chosen(OnEvery.class, "6.12")).containsExactly("6.12 cloud-amd64", "6.12 rt-amd64");
    }

    @Test
    void the_newest_may_stand_for_all() {
        KernelChoice newest = new KernelChoice(LIST, List.of(), true);

        assertThat(chosen(OnAll.class, newest)).containsExactly("7.3 cloud-amd64");
        assertThat(chosen(OnSome.class, newest)).containsExactly("6.12 rt-amd64", "7.3 cloud-amd64");
        assertThat(chosen(OnEvery.class, newest)).containsExactly("7.3 cloud-amd64");
        assertThat(chosen(OnAll.class, new KernelChoice(LIST, List.of("6.1", "6.12"), true)))
                .containsExactly("6.12 cloud-amd64");
    }

    @Test
    void a_narrowing_leaves_what_it_names() {
        assertThat(chosen(OnAll.class, "7.3", "6.1")).containsExactly("6.1 cloud-amd64", "7.3 cloud-amd64");
        assertThat(chosen(OnSome.class, "6.12")).containsExactly("6.12 rt-amd64");
        assertThat(chosen(OnSome.class, "6.1")).isEmpty();
        assertThat(chosen(OnAll.class, "6.12-rt")).containsExactly("6.12 rt-amd64");
    }

    @Test
    void a_debug_kernel_is_one_of_all_only_where_it_is_named() {
        assertThat(chosen(OnAll.class, "7.3-debug")).containsExactly("7.3 debug");
        assertThat(chosen(OnEvery.class, "7.3 debug")).containsExactly("7.3 debug");
        assertThat(chosen(OnSome.class, "7.3-debug")).isEmpty();
    }

    @ExtendWith(QemuExtension.class)
    static class OnOne {
        @Test
        void works(KernelSpec kernel, TestReporter reporter) {
            reporter.publishEntry(kernel.toString());
        }
    }

    @Test
    void a_test_that_asks_for_no_kernel_runs_on_the_first_that_is_left() {
        KernelSpec last = REAL.get(REAL.size() - 1);

        assertThat(told(run(OnOne.class))).containsExactly(REAL.get(0).toString());
        assertThat(told(run(OnOne.class, last.version()))).containsExactly(last.toString());
    }

    private static List<String> told(EngineExecutionResults results) {
        return results.testEvents().reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class))
                .flatMap(entry -> entry.getKeyValuePairs().values().stream())
                .toList();
    }

    @Test
    void a_name_that_is_not_in_the_list_is_refused_in_one_line() {
        assertThatThrownBy(() -> chosen(OnAll.class, "7.3", "6.2"))
                .isInstanceOf(HarnessException.class)
                .hasMessageStartingWith("no kernel '6.2'; there are: [6.1 cloud-amd64 from bookworm, ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void each_run_is_called_by_its_kernel() {
        String[] expected =
                REAL.stream().map(spec -> "[" + spec.version() + "]").toArray(String[]::new);

        assertThat(run(OnAll.class).containerEvents().started().stream())
                .extracting(event -> event.getTestDescriptor().getDisplayName())
                .contains(expected);
        EngineExecutionResults onMethods = run(OnMethods.class);
        assertThat(onMethods.testEvents().succeeded().stream())
                .extracting(event -> event.getTestDescriptor().getDisplayName())
                .containsExactly(expected);
        onMethods
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1, finishedWithFailure(message(text -> text.contains("no kernel '2.4'; there are: [6.1 "))));
    }

    @Kernels("6.1")
    static class OnOldest {
        @Test
        void never_runs() {
            throw new AssertionError("ran");
        }
    }

    @Test
    void a_narrowing_that_leaves_no_kernel_skips_the_test_and_says_so() {
        assumeThat(REAL).as("kernels.list has other series than 6.1").hasSizeGreaterThan(1);
        String other = REAL.stream()
                .map(KernelSpec::version)
                .filter(version -> !version.equals("6.1"))
                .findFirst()
                .orElseThrow();

        EngineExecutionResults results = run(OnOldest.class, other);

        results.testEvents().assertStatistics(stats -> stats.started(0));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1, skippedWithReason("runs on 6.1, and -Dholdfast.kernels=" + other + " leaves none of it"));
    }

    @Test
    void a_slip_in_the_narrowing_fails_the_test() {
        EngineExecutionResults results = run(OnAll.class, "7.33");

        results.testEvents().assertStatistics(stats -> stats.started(0));
        assertThat(results.containerEvents().failed().stream().map(Event::toString))
                .hasSize(1)
                .allSatisfy(text -> assertThat(text).contains("no kernel '7.33'; there are: "));
    }

    private static List<String> chosen(Class<?> test, String... narrowing) {
        return chosen(test, new KernelChoice(LIST, List.of(narrowing), false));
    }

    private static List<String> chosen(Class<?> test, KernelChoice choice) {
        return choice.of(test.getAnnotation(Kernels.class)).stream()
                .map(spec -> spec.version() + " " + spec.flavour())
                .toList();
    }

    private static EngineExecutionResults run(Class<?> test, String... narrowing) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .configurationParameter("holdfast.kernels", String.join(",", narrowing))
                .configurationParameter("holdfast.newest", "false")
                .execute();
    }
}
