// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DirectoryRegion;
import dev.holdfast.Region;
import dev.holdfast.StateFile;
import dev.holdfast.liveupdate.Timeline.Phase;
import dev.holdfast.liveupdate.Timeline.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test reads the diary, in which everybody writes who goes on. */
final class ResumptionTest {
    private static final Instant START = Instant.parse("2026-01-30T12:00:00Z");
    private static final Phase LOAD = new Phase(Step.LOAD, "", START, Duration.ofMillis(900));
    private static final Phase SAVE = new Phase(Step.SAVE, "one", START.plusMillis(900), Duration.ofMillis(5));
    private static final Phase JUMP = new Phase(Step.JUMP, "", START.plusMillis(905), Duration.ZERO);

    private final Region region;
    private final StateFile timings;
    private final Thread test = Thread.currentThread();
    private final ConcurrentLinkedQueue<String> diary = new ConcurrentLinkedQueue<>();
    private Set<String> failing = Set.of();
    private String interrupting = "";
    private Duration deadline = Duration.ofMinutes(1);

    ResumptionTest(@TempDir Path directory) {
        this.region = DirectoryRegion.on(directory);
        this.timings = region.state("live-update");
    }

    @AfterEach
    void close() {
        region.close();
    }

    private final class Somebody implements Participant {
        private final String name;

        Somebody(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void restore() throws InterruptedException {
            diary.add(name);
            if (failing.contains(name)) {
                throw new IllegalStateException("no luck\nwith this");
            }
            if (name.equals(interrupting)) {
                test.interrupt();
                new CountDownLatch(1).await();
            }
        }

        @Override
        public void quiesce() {
            throw new AssertionError("nobody runs");
        }

        @Override
        public void save() {
            throw new AssertionError("nobody runs");
        }

        @Override
        public void abort() {
            throw new AssertionError("nobody runs");
        }

        @Override
        public Duration deadline() {
            return deadline;
        }
    }

    private Timeline resume() {
        return LiveUpdate.resume(region, new Somebody("one"), new Somebody("two"), new Somebody("three"));
    }

    private void assertThatAllWereTried() {
        assertThat(diary).containsExactly("one", "two", "three");
    }

    private static List<String> text(Timeline timeline) {
        List<String> text = new ArrayList<>();
        timeline.phases().forEach(phase -> text.add((phase.step() + " " + phase.participant()).strip()));
        return text;
    }

    @Test
    void allGoOnInTheOrderThatIsGiven() {
        assertThat(text(resume())).containsExactly("RESTORE one", "RESTORE two", "RESTORE three");
        assertThatAllWereTried();
    }

    @Test
    void whoeverCanGoOnDoes() {
        failing = Set.of("one", "three");

        assertThatThrownBy(this::resume)
                .isInstanceOf(LiveUpdateException.class)
                .hasMessage("cannot restore one: no luck")
                .hasCauseInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .isInstanceOf(LiveUpdateException.class)
                        .extracting(Throwable::getMessage)
                        .isEqualTo("cannot restore three: no luck"));
        assertThatAllWereTried();
    }

    @Test
    void anInterruptEndsOneAndStays() {
        interrupting = "one";

        assertThatThrownBy(this::resume)
                .hasMessage("cannot restore one: the thread was interrupted")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
        assertThat(Thread.interrupted()).isTrue();
        assertThatAllWereTried();
    }

    @Test
    void aDeadlineMayBeForever() {
        deadline = Duration.ofSeconds(Long.MAX_VALUE);

        assertThat(text(resume())).hasSize(3);
        assertThatAllWereTried();
    }

    @Test
    void whatWasKeptIsInFrontOfIt() {
        new InState(timings).keep(new Timeline(List.of(LOAD, SAVE, JUMP)));
        Instant before = Instant.now();

        Timeline timeline = resume();

        assertThat(text(timeline))
                .containsExactly("LOAD", "SAVE one", "JUMP", "RESTORE one", "RESTORE two", "RESTORE three");
        assertThat(timeline.phases()).startsWith(LOAD, SAVE);
        assertThat(timeline.phases().get(2).end())
                .isBetween(before, timeline.phases().get(3).start());
        assertThat(timings.exists()).isFalse();
        assertThat(text(resume())).containsExactly("RESTORE one", "RESTORE two", "RESTORE three");
    }

    /** Also what has times in it, and no jump. */
    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "two\nlines", "", "LOAD\t\t2026-01-30T12:00:00Z\tPT1S"})
    void allGoOnWhateverIsInTheState(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        timings.replace(content);

        assertThatThrownBy(this::resume)
                .isInstanceOf(LiveUpdateException.class)
                .hasMessage("everybody goes on, but the state live-update holds no timings; remove it");
        assertThatAllWereTried();
        assertThat(timings.read()).isEqualTo(content);
    }
}
