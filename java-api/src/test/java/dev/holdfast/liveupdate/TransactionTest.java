// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.KexecImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test reads the diary, in which everybody writes what happens. */
final class TransactionTest {
    private static final KexecImage IMAGE = KexecImage.withoutInitrd(Path.of("vmlinuz"), "quiet");
    private static final List<String> WHOLE = List.of(
            "load",
            "quiesce one",
            "quiesce two",
            "save one",
            "save two",
            "keep LOAD QUIESCE QUIESCE SAVE SAVE JUMP",
            "jump");

    private final ConcurrentLinkedQueue<String> diary = new ConcurrentLinkedQueue<>();
    private String failing = "";
    private String hanging = "";
    private Duration deadline = Duration.ofMinutes(1);

    private void write(String line) {
        diary.add(line);
        if (line.equals(failing)) {
            throw new IllegalStateException("no luck\nwith this");
        }
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

        private void step(String line) throws InterruptedException {
            write(line);
            if (line.equals(hanging)) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    diary.add("interrupted " + line);
                    throw e;
                }
            }
        }

        @Override
        public void quiesce() throws InterruptedException {
            step("quiesce " + name);
        }

        @Override
        public void save() throws InterruptedException {
            step("save " + name);
        }

        @Override
        public void abort() throws InterruptedException {
            step("abort " + name);
        }

        @Override
        public void restore() {
            throw new AssertionError("nobody has landed");
        }

        @Override
        public Duration deadline() {
            return deadline;
        }
    }

    private void run() {
        Kernel kernel = new Kernel() {
            @Override
            public void load(KexecImage image) {
                write("load");
            }

            @Override
            public void unload() {
                write("unload");
            }

            @Override
            public void jump() {
                write("jump");
            }
        };
        Transaction.Keeper keeper = new Transaction.Keeper() {
            @Override
            public void keep(Timeline timeline) {
                write("keep "
                        + String.join(
                                " ",
                                timeline.phases().stream()
                                        .map(phase -> phase.step().name())
                                        .toList()));
            }

            @Override
            public void drop() {
                write("drop");
            }
        };
        new Transaction(kernel, List.of(new Somebody("one"), new Somebody("two")), keeper, new Timeline(List.of()))
                .run(IMAGE);
    }

    @Test
    void allStopAndSaveBetweenLoadAndJump() {
        run();

        assertThat(diary).containsExactlyElementsOf(WHOLE);
    }

    @Test
    void aKernelThatCannotBeLoadedStopsNobody() {
        failing = "load";

        assertThatThrownBy(this::run).hasMessage("no luck\nwith this");
        assertThat(diary).containsExactly("load");
    }

    static Stream<String> stepsThatFail() {
        return WHOLE.stream().skip(1);
    }

    @ParameterizedTest
    @MethodSource("stepsThatFail")
    void whoeverStoppedGoesOnInReverse(String step) {
        failing = step;

        assertThatThrownBy(this::run).hasMessageContaining("no luck");
        int done = WHOLE.indexOf(step) + 1;
        assertThat(diary.stream().limit(done)).containsExactlyElementsOf(WHOLE.subList(0, done));
        assertThat(diary.stream().skip(done))
                .containsExactlyElementsOf(
                        step.equals("quiesce one")
                                ? List.of("abort one", "drop", "unload")
                                : List.of("abort two", "abort one", "drop", "unload"));
    }

    @Test
    void whatFailsIsToldInOneLineWithItsCause() {
        failing = "save two";

        assertThatThrownBy(this::run)
                .isInstanceOf(LiveUpdateException.class)
                .hasMessage("cannot save two: no luck")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiesce two", "save one"})
    void whoeverTakesTooLongIsInterrupted(String step) {
        hanging = step;
        deadline = Duration.ofSeconds(1);

        assertThatThrownBy(this::run)
                .hasMessageContaining("cannot " + step + ": it takes longer than its deadline, 1000 ms");
        assertThat(diary).containsSubsequence("abort two", "abort one", "drop", "unload");
        // Nobody waits for it.
        await().until(() -> diary.contains("interrupted " + step));
    }

    @Test
    void allAreAskedToGoOnEvenIfOneCannot() {
        failing = "abort two";
        hanging = "save one";
        deadline = Duration.ofSeconds(1);

        assertThatThrownBy(this::run)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("cannot abort two: no luck"));
        assertThat(diary).containsSubsequence("abort two", "abort one", "drop", "unload");
    }

    @Test
    void anInterruptTakesTheUpdateBackAndStays() {
        hanging = "quiesce two";
        Thread.currentThread().interrupt();

        assertThatThrownBy(this::run).hasMessageContaining("the thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(diary).containsSubsequence("abort one", "drop", "unload");
    }
}
