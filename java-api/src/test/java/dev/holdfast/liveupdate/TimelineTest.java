// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.liveupdate.Timeline.Phase;
import dev.holdfast.liveupdate.Timeline.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static final Instant START = Instant.parse("2026-11-30T12:00:00.000000001Z");
    private static final Timeline WHOLE = new Timeline(List.of(
            phase(Step.LOAD, "", 0, 900),
            phase(Step.QUIESCE, "one", 1000, 10),
            phase(Step.QUIESCE, "two", 1010, 15),
            phase(Step.SAVE, "one", 1030, 5),
            phase(Step.JUMP, "", 1040, 0)));

    private static Phase phase(Step step, String participant, long start, long took) {
        return new Phase(step, participant, START.plusMillis(start), Duration.ofMillis(took));
    }

    @Test
    void readsWhatItWrote() {
        assertThat(Timeline.of(WHOLE.toBytes())).isEqualTo(WHOLE);
        assertThat(Timeline.of(new Timeline(List.of()).toBytes()).phases()).isEmpty();
    }

    @Test
    void refusesWhatItDidNotWrite() {
        for (String text : List.of("nonsense", "JUMP\tx\ty\tz", "HOP\t\t" + START + "\tPT0S")) {
            assertThatThrownBy(() -> Timeline.of(text.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfAny(IllegalArgumentException.class, java.time.DateTimeException.class);
        }
    }

    @Test
    void aJumpEndsWhereTheNextKernelGoesOn() {
        Timeline landed = WHOLE.landed(START.plusMillis(4000)).with(phase(Step.RESTORE, "one", 4000, 20));

        assertThat(landed.took(Step.JUMP)).isEqualTo(Duration.ofMillis(2960));
        assertThat(landed.took(Step.QUIESCE)).isEqualTo(Duration.ofMillis(25));
        assertThat(landed.pause()).isEqualTo(Duration.ofMillis(3020));
    }

    @Test
    void aClockThatWentBackOverTheJumpMakesNoNegativeTime() {
        assertThat(WHOLE.landed(START).took(Step.JUMP)).isEqualTo(Duration.ZERO);
    }

    @Test
    void withoutParticipantsNobodyPauses() {
        assertThat(new Timeline(List.of(phase(Step.LOAD, "", 0, 5))).pause()).isEqualTo(Duration.ZERO);
    }
}
