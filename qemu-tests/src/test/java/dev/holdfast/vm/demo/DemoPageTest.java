// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.liveupdate.Timeline.Step;
import dev.holdfast.vm.guest.kvm.ResumingGuests.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoPageTest {
    private static final List<Phase> TIMELINE = List.of(
            new Phase(Step.LOAD, "", 1_000_000, 500_000),
            new Phase(Step.QUIESCE, "a<b", 2_000_000, 1_400),
            new Phase(Step.QUIESCE, "c", 2_001_400, 1_200),
            new Phase(Step.JUMP, "", 2_002_600, 7_000_000),
            new Phase(Step.RESTORE, "a<b", 9_002_600, 20_000));

    private static MainJob.Done done(long after, List<String> complaints) {
        DemoResult result = new DemoResult(
                after > 10,
                "6.1",
                "7.3",
                "TCG",
                1 << 30,
                4096,
                1,
                List.of(),
                1,
                List.of(),
                true,
                true,
                true,
                10,
                after,
                complaints,
                TIMELINE,
                Pause.millis(TIMELINE),
                Map.of(),
                0,
                "console.log");
        return new MainJob.Done(result, "<svg>before</svg>", "<svg>after</svg>");
    }

    @Test
    void the_pause_is_told_by_its_parts() {
        assertThat(Pause.millis(TIMELINE))
                .containsExactly(Map.entry("quiesce", 3L), Map.entry("jump", 7000L), Map.entry("restore", 20L));
    }

    @Test
    void the_page_says_what_was_verified_and_draws_a_bar_for_each_phase() {
        String html = new DemoPage(done(12, List.of())).html();

        assertThat(html)
                .contains(
                        "6.1 → 7.3, TCG: passed",
                        "10 → 12",
                        "quiesce 3 ms, jump 7000 ms, restore 20 ms",
                        "quiesce a&lt;b")
                .doesNotContain("a<b", "WRONG");
        assertThat(html.split("<rect ", -1)).hasSize(TIMELINE.size() + 1);
    }

    @Test
    void what_is_wrong_is_marked() {
        assertThat(new DemoPage(done(10, List.of("its clock jumped"))).html())
                .contains("FAILED", "its clock jumped")
                .containsPattern("10 → 10</td><td class=\"wrong\">WRONG");
    }
}
