// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.holdfast.vm.channel.Frame;
import dev.holdfast.vm.channel.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentTest {

    record Sum(List<Integer> numbers) {}

    static final class Adding implements GuestTask<Sum, Integer> {
        @Override
        public Integer run(Sum sum, Progress progress) {
            progress.say("adding " + sum.numbers().size());
            return sum.numbers().stream().mapToInt(Integer::intValue).sum();
        }
    }

    static final class Failing implements GuestTask<None, None> {
        @Override
        public None run(None none, Progress progress) {
            throw new IllegalStateException("on purpose");
        }
    }

    private final Gson gson = new Gson();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Agent agent = new Agent("00", sent);

    @Test
    void a_task_gets_its_arguments_and_its_result_is_the_answer() {
        Message answer = agent.answer(request(Adding.class, new Sum(List.of(1, 2, 3))));

        assertThat(answer.kind()).isEqualTo(Message.Kind.RESULT);
        assertThat(answer.id()).isEqualTo(7);
        assertThat(answer.body().getAsInt()).isEqualTo(6);
    }

    @Test
    void progress_is_sent_while_the_task_runs() {
        agent.answer(request(Adding.class, new Sum(List.of(1))));

        Frame frame = Frame.decode("00", sent.toString(StandardCharsets.UTF_8).strip())
                .orElseThrow();
        Message progress = gson.fromJson(((Frame.Json) frame).text(), Message.class);
        assertThat(progress.kind()).isEqualTo(Message.Kind.PROGRESS);
        assertThat(progress.body().getAsString()).isEqualTo("adding 1");
    }

    @Test
    void what_a_task_throws_is_the_answer() {
        Message answer = agent.answer(request(Failing.class, None.NONE));

        Message.Thrown thrown = gson.fromJson(answer.body(), Message.Thrown.class);
        assertThat(answer.kind()).isEqualTo(Message.Kind.ERROR);
        assertThat(thrown.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(thrown.message()).isEqualTo("on purpose");
        assertThat(thrown.trace()).contains("AgentTest$Failing.run");
    }

    @Test
    void an_unknown_task_is_an_error() {
        Message answer = agent.answer(new Message(Message.Kind.RUN, 7, "no.such.Task", Message.nothing()));

        assertThat(gson.fromJson(answer.body(), Message.Thrown.class).type())
                .isEqualTo("java.lang.ClassNotFoundException");
    }

    @Test
    void no_two_pages_of_a_pattern_are_alike() {
        PagePattern pattern = new PagePattern(7);

        assertThat(pattern.page(1)).hasSize(4096).isNotEqualTo(pattern.page(2));
        assertThat(pattern.page(1)).isEqualTo(new PagePattern(7).page(1)).isNotEqualTo(new PagePattern(8).page(1));
        assertThat(pattern.words(1)).doesNotHaveDuplicates().doesNotContain(0L);
    }

    private Message request(Class<?> task, Object args) {
        return new Message(Message.Kind.RUN, 7, task.getName(), gson.toJsonTree(args));
    }
}
