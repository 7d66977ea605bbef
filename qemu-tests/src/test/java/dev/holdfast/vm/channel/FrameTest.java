// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

    private static final String NONCE = "5d3f559c";
    private static final String JSON = "{\"text\":\"Grüße\"}";

    @Test
    void a_message_comes_out_as_it_went_in() {
        String line = Frame.encode(NONCE, JSON).stripTrailing();

        assertThat(Frame.decode(NONCE, line)).contains(new Frame.Json(JSON));
    }

    @Test
    void noise_before_a_message_is_skipped() {
        String line = "\u0000\u00ff?@5d3f" + Frame.encode(NONCE, JSON).stripTrailing();

        assertThat(Frame.decode(NONCE, line)).contains(new Frame.Json(JSON));
    }

    @Test
    void a_changed_message_is_garbled() {
        String line = Frame.encode(NONCE, JSON).stripTrailing().replace("text", "test");

        assertThat(Frame.decode(NONCE, line)).containsInstanceOf(Frame.Garbled.class);
    }

    @Test
    void a_cut_message_is_garbled() {
        String line = Frame.encode(NONCE, JSON).stripTrailing();

        assertThat(Frame.decode(NONCE, line.substring(0, line.length() - 3))).containsInstanceOf(Frame.Garbled.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "login: ", "@00000000 stage init 2.10", "@5d3f559cstage init 2.10"})
    void lines_that_are_not_of_this_run_are_nothing(String line) {
        assertThat(Frame.decode(NONCE, line)).isEmpty();
    }

    @Test
    void stages_have_a_name_and_a_time() {
        assertThat(Frame.decode(NONCE, "@5d3f559c stage module-load 65.07"))
                .contains(new Frame.Stage("module-load", 65_070));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage init", "stage init x.10", "stage init 2.1", "json", "json 00000000", "what"})
    void half_a_line_of_this_run_is_garbled(String rest) {
        assertThat(Frame.decode(NONCE, "@5d3f559c " + rest)).containsInstanceOf(Frame.Garbled.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10, 90, 100, 990, 12_050, 4_294_967_290L})
    void the_agent_says_stages_as_init_does(long millis) {
        assertThat(Frame.decode(NONCE, Frame.encodeStage(NONCE, "done", millis).stripTrailing()))
                .contains(new Frame.Stage("done", millis));
    }

    @Test
    void init_says_why_it_failed() {
        assertThat(Frame.decode(NONCE, "@5d3f559c failed insmod x.ko: File exists"))
                .contains(new Frame.Failed("insmod x.ko: File exists"));
    }

    @Test
    void a_message_is_one_line() {
        assertThatThrownBy(() -> Frame.encode(NONCE, "{\n}")).isInstanceOf(IllegalArgumentException.class);
    }
}
